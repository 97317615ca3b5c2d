import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from speech_clips import clip_of, syllables
from tiny_whisper import transformers_folder

from affect_llm.cues.speech.faster_whisper import FasterWhisper
from affect_llm.cues.speech.recognition import recognise
from affect_llm.cues.speech.transformers_whisper import TransformersWhisper
from affect_llm.errors import CapabilityError, WeightsError

pytest.importorskip("transformers")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return transformers_folder(tmp_path_factory.mktemp("hf") / "wired")


@pytest.fixture(scope="module")
def converted(folder: Path) -> Path:
    """The same model as faster-whisper wants it."""
    pytest.importorskip("faster_whisper")
    from ctranslate2.converters import TransformersConverter

    target = folder.parent / "converted"
    TransformersConverter(str(folder), copy_files=["tokenizer.json"]).convert(str(target))
    return target


def test_transformers_hears_words_and_language(folder: Path) -> None:
    transcriber = TransformersWhisper(str(folder), "cpu")
    (heard,) = transcriber.transcribe(syllables(3.0), None)
    assert heard.text == "Hello."
    assert heard.language == "de"
    assert (heard.start_s, heard.end_s) == pytest.approx((0.0, 2.0))
    assert heard.no_speech < 0.05
    assert -0.2 < heard.mean_logprob <= 0
    (again,) = recognise(clip_of(syllables(3.0)), transcriber, "en")
    assert again.text == "Hello."
    assert again.language == "en"


def test_transformers_refuses_what_does_not_fit(folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    for damage in ("missing", "unexpected"):
        copy = shutil.copytree(folder, tmp_path / damage)
        state = load_file(copy / "model.safetensors")
        if damage == "missing":
            del state["model.decoder.layer_norm.weight"]
        else:
            state["model.extra"] = state["model.decoder.layer_norm.weight"].clone()
        save_file(state, copy / "model.safetensors", {"format": "pt"})
        with pytest.raises(WeightsError, match=f"1 {damage} keys"):
            TransformersWhisper(str(copy), "cpu")


def test_faster_whisper_runs_a_converted_model(converted: Path) -> None:
    """The wiring does not survive the conversion to the letter, so only the form is checked."""
    transcriber = FasterWhisper(str(converted), "cpu")
    heard = transcriber.transcribe(syllables(3.0), "en")
    assert heard == transcriber.transcribe(syllables(3.0), "en")
    assert heard
    for item in heard:
        assert item.language == "en"
        assert 0 <= item.no_speech <= 1
        assert item.mean_logprob <= 0
        assert all(0 <= w.probability <= 1 for w in item.words)


def test_faster_whispers_answer_is_passed_on(
    converted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faster_whisper = pytest.importorskip("faster_whisper")
    from faster_whisper.transcribe import Segment, Word

    word = Word(start=0.2, end=0.9, word=" Hello", probability=0.8)
    segment = Segment(0, 0, 0.2, 0.9, " Hello", [1], -0.3, 1.1, 0.02, [word], 0.0)
    asked: dict[str, object] = {}

    class Stub:
        def __init__(self, folder: str, device: str, local_files_only: bool) -> None:
            asked.update(folder=folder, local=local_files_only)

        supported_languages = ("en", "fr")

        def transcribe(self, samples: object, **options: object) -> object:
            asked.update(options)
            return iter([segment]), SimpleNamespace(language="fr")

    monkeypatch.setattr(faster_whisper, "WhisperModel", Stub)
    (heard,) = FasterWhisper(str(converted), "cpu").transcribe(syllables(1.0), None)
    assert (heard.text, heard.language, heard.start_s, heard.end_s) == ("Hello", "fr", 0.2, 0.9)
    assert (heard.no_speech, heard.mean_logprob, heard.compression) == (0.02, -0.3, 1.1)
    assert heard.words[0].text == " Hello"
    assert asked["local"] is True
    assert asked["temperature"] == 0.0, "one temperature: no fallback, no sampling"
    assert asked["beam_size"] == 5
    assert asked["condition_on_previous_text"] is False
    assert asked["word_timestamps"] is True


def test_an_unknown_language_is_a_sentence(folder: Path, converted: Path) -> None:
    for transcriber in (TransformersWhisper(str(folder)), FasterWhisper(str(converted), "cpu")):
        with pytest.raises(CapabilityError, match="does not know the language 'xx-Y'"):
            transcriber.transcribe(syllables(1.0), "xx-Y")


def test_a_tag_with_a_region_is_its_language(folder: Path) -> None:
    (heard,) = TransformersWhisper(str(folder), "cpu").transcribe(syllables(3.0), "en-GB")
    assert heard.language == "en"


def test_an_english_only_whisper_is_told_no_language(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whisper = TransformersWhisper(str(folder), "cpu")
    whisper._multilingual = False
    told: dict[str, object] = {}
    generate = whisper._model.generate

    def spy(**options: object) -> object:
        told.update(options)
        return generate(**options)

    monkeypatch.setattr(whisper._model, "generate", spy)
    assert {heard.language for heard in whisper.transcribe(syllables(3.0), None)} <= {"en"}
    assert not {"language", "task"} & set(told)


@pytest.mark.parametrize("adapter", [TransformersWhisper, FasterWhisper])
@pytest.mark.parametrize("weights", [None, "/nowhere"])
def test_without_a_folder_there_is_a_sentence(adapter: type, weights: str | None) -> None:
    with pytest.raises(WeightsError, match=r"needs a .*folder"):
        adapter(weights)
