import warnings
from pathlib import Path

import numpy as np
import pytest
from speech_clips import clip_of, syllables
from tiny_whisper import openai_checkpoint

from affect_llm.cues.speech.openai_whisper import OpenAIWhisper, load_checkpoint
from affect_llm.cues.speech.recognition import recognise
from affect_llm.errors import WeightsError

torch = pytest.importorskip("torch")
whisper = pytest.importorskip("whisper")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the package leaves its vocabulary open
        return openai_checkpoint(tmp_path_factory.mktemp("whisper") / "wired.pt")


@pytest.fixture(scope="module")
def transcriber(checkpoint: Path) -> OpenAIWhisper:
    return OpenAIWhisper(str(checkpoint), "cpu")


def test_every_tensor_of_the_file_is_in_the_model(checkpoint: Path) -> None:
    model = load_checkpoint(checkpoint, "cpu")
    saved = torch.load(checkpoint, weights_only=True)["model_state_dict"]
    assert set(saved) == set(model.state_dict())
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, saved[name].float())


def spoken() -> np.ndarray:
    return np.concatenate([syllables(3.0), np.zeros(16_000 * 4, np.float32)])


def test_it_hears_an_array_without_ffmpeg(
    transcriber: OpenAIWhisper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    (heard,) = recognise(clip_of(spoken()), transcriber, None)
    assert transcriber.provenance == f"openai-whisper@{whisper.__version__}#wired"
    assert heard.text == "Hello there."
    assert heard.language == "de"
    assert "".join(w.text for w in heard.words) == " Hello there."
    assert 0 <= heard.start_s <= heard.words[0].start_s <= heard.words[-1].end_s <= 7.0
    assert heard.no_speech < 0.01
    assert -0.1 < heard.mean_logprob <= 0


def test_it_is_not_asked_about_silence(transcriber: OpenAIWhisper) -> None:
    assert list(recognise(clip_of(np.zeros_like(spoken())), transcriber, "en")) == []


@pytest.mark.parametrize("damage", ["missing", "unexpected", "shape", "dims", "format", "cut"])
def test_a_checkpoint_that_does_not_fit_exactly_is_refused(
    checkpoint: Path, tmp_path: Path, damage: str
) -> None:
    saved = torch.load(checkpoint, weights_only=True)
    state = saved["model_state_dict"]
    if damage == "missing":
        del state["decoder.ln.weight"]
    if damage == "unexpected":
        state["extra"] = torch.zeros(1)
    if damage == "shape":
        state["decoder.ln.weight"] = torch.zeros(3)
    if damage == "dims":
        saved["dims"]["n_more"] = 1
    bad = tmp_path / "bad.pt"
    torch.save(state if damage == "format" else saved, bad)
    if damage == "cut":
        bad.write_bytes(bad.read_bytes()[:5000])
    with pytest.raises(WeightsError, match="not a Whisper checkpoint"):
        load_checkpoint(bad, "cpu")


class Payload:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (Path("pwned"),)  # type: ignore[return-value]


def test_a_pickle_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save({"dims": Payload(), "model_state_dict": {}}, tmp_path / "evil.pt")
    with pytest.raises(WeightsError):
        load_checkpoint(tmp_path / "evil.pt", "cpu")
    assert not (tmp_path / "pwned").exists()


def test_a_size_that_is_not_in_the_store_says_how_to_get_it() -> None:
    with pytest.raises(WeightsError, match="models pull whisper-base"):
        OpenAIWhisper()
    with pytest.raises(WeightsError, match="models pull whisper-small"):
        OpenAIWhisper("small")
    with pytest.raises(WeightsError, match="There is no Whisper 'huge'"):
        OpenAIWhisper("huge")
