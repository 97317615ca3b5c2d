"""The pipeline on roads with features: fake encoders, a tiny model, a random adapter."""

import math
import struct
import sys
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

sys.path.append(str(Path(__file__).parents[1] / "adapters"))
sys.path.append(str(Path(__file__).parents[1] / "reasoners"))
from tiny_adapter import long_base, make_adapter, track_encoders

from affect_llm.adapters.tracks import TrackReader, open_encoders
from affect_llm.config import Settings
from affect_llm.encoders.fake import FakeEncoder
from affect_llm.errors import AffectError, CapabilityError, ConfigError, WeightsError
from affect_llm.pipeline import Failure, Pipeline, Preparer, Source
from affect_llm.reasoners.fake import FakeReasoner
from affect_llm.reasoners.local.causal_lm import CausalLM
from affect_llm.reasoners.registry import open_reasoner
from affect_llm.types import Completion, CueSheet, EmotionResult, Modality, Prompt

LABELS = ("joy", "sadness")


class Spied:
    """A reasoner whose prompts can be looked at."""

    def __init__(self, inner: CausalLM) -> None:
        self.inner = inner
        self.name, self.context_tokens = inner.name, inner.context_tokens
        self.asked: list[Prompt] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def complete(self, prompts: Sequence[Prompt], *, max_new_tokens: int) -> list[Completion]:
        self.asked += prompts
        return self.inner.complete(prompts, max_new_tokens=max_new_tokens)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.set_num_threads(1)
    monkeypatch.setenv("AFFECT_LLM_FEATURES", str(tmp_path / "features"))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return long_base(tmp_path_factory.mktemp("bases") / "tiny-llama")


@pytest.fixture(scope="module")
def adapter(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_adapter(tmp_path_factory.mktemp("adapters") / "heard", base, road="projected")


@pytest.fixture(scope="module")
def reasoner(base: Path, adapter: Path) -> CausalLM:
    opened = open_reasoner(settings(base, adapter))
    assert isinstance(opened, CausalLM)
    return opened


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of a tone."""
    file = tmp_path_factory.mktemp("media") / "voice.wav"
    samples = (int(9000 * math.sin(n * 0.08)) for n in range(3 * 16000))
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, 16000, 0, "NONE", ""))
        sound.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return file


def settings(base: Path, adapter: Path | None, **more: Any) -> Settings:
    fixed: dict[str, Any] = {
        "reasoner": "transformers",
        "model": str(base),
        "adapter": None if adapter is None else str(adapter),
        "labels": ", ".join(LABELS),
        "device": "cpu",
        "face": "fake",
        "voice": "fake",
        "scene": "off",
        "speech": "off",
    }
    return Settings(**(fixed | more))


def explained(
    reasoner: CausalLM, source: Source, chosen: Settings
) -> tuple[EmotionResult, list[Prompt]]:
    spy = Spied(reasoner)
    [result] = Pipeline(chosen, spy).run([source])
    assert isinstance(result, EmotionResult), result
    return result, spy.asked


def test_projected_hides_the_cues_and_cites_them(
    base: Path, adapter: Path, reasoner: CausalLM, voice: Path
) -> None:
    source = Source(path=voice, text="what a day")
    result, asked = explained(reasoner, source, settings(base, adapter))
    user = asked[0].messages[-1].content
    assert "Features: voice <|soft:voice|> face <|soft:face|>" in user
    assert "T1 words" in user
    assert "V1" not in user
    assert asked[0].soft_tokens is not None
    assert asked[0].soft_tokens.tracks == ("voice",) * 3
    assert "\nAbsent: visual (" in user
    cited = {i for sentence in result.explanation for i in sentence.cue_ids}
    assert any(i.startswith("V") for i in cited)
    assert result.support.supported == len(result.explanation) > 0
    assert set(result.modality_verdicts) == {Modality.TEXT, Modality.AUDIO}


def test_provenance_says_which_way_it_went(
    base: Path, adapter: Path, reasoner: CausalLM, voice: Path
) -> None:
    source = Source(path=voice)
    result, _ = explained(reasoner, source, settings(base, adapter))
    assert result.provenance.settings["road"] == "projected"
    assert result.provenance.prompt.startswith("reason_projected@1#")
    assert "+heard@1#" in result.provenance.model
    passports = {track.passport for track in track_encoders(("voice", "face"))}
    assert passports <= set(result.provenance.extractors)
    assert not result.provenance.calibrated


def test_both_shows_both(base: Path, adapter: Path, reasoner: CausalLM, voice: Path) -> None:
    result, asked = explained(reasoner, Source(path=voice), settings(base, adapter, road="both"))
    assert len(asked) == 1, "a model that writes is asked at once"
    assert "V1" in asked[0].messages[-1].content
    assert asked[0].soft_tokens is not None
    assert result.provenance.settings["road"] == "both"


def test_text_ignores_the_features(
    base: Path,
    adapter: Path,
    reasoner: CausalLM,
    voice: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("encoded on the text road")

    monkeypatch.setattr(FakeEncoder, "forward", refuse)
    result, asked = explained(reasoner, Source(path=voice), settings(base, adapter, road="text"))
    assert asked[0].soft_tokens is None
    assert "Features:" not in asked[0].messages[-1].content
    assert result.provenance.prompt.startswith("reason@1#")
    assert not [a for a in result.sheet.absent if (a.family or "").endswith("features")]


def test_a_missing_track_says_why_in_the_sheet(
    base: Path, adapter: Path, reasoner: CausalLM, voice: Path
) -> None:
    result, _ = explained(reasoner, Source(path=voice), settings(base, adapter))
    [entry] = [a for a in result.sheet.absent if a.family == "face features"]
    assert (entry.modality, entry.state) == (Modality.VISUAL, "absent")
    assert entry.reason


def test_modalities_that_were_not_asked_are_not_heard(
    base: Path, adapter: Path, reasoner: CausalLM, voice: Path
) -> None:
    source = Source(path=voice, text="what a day")
    _, asked = explained(reasoner, source, settings(base, adapter, modalities=("text",)))
    assert asked[0].soft_tokens is not None
    assert asked[0].soft_tokens.tracks == ()
    assert asked[0].messages[-1].content.endswith("Absent: audio (not asked), visual (not asked)")


def test_windows_get_the_tokens_of_their_time(
    base: Path, adapter: Path, reasoner: CausalLM, voice: Path
) -> None:
    result, asked = explained(reasoner, Source(path=voice), settings(base, adapter, window_s=1.0))
    assert len(result.windows) == 3
    whole, *windows = asked[:4]
    assert whole.soft_tokens is not None
    assert max(span.end_s for span in whole.soft_tokens.spans) == 3.0
    for window, prompt in zip(result.windows, windows, strict=True):
        assert prompt.soft_tokens is not None
        assert len(prompt.soft_tokens.spans) == 2, "half a second each"
        assert all(window.span.overlaps(span) for span in prompt.soft_tokens.spans)
    arrays = {str(p.soft_tokens.array) for p in windows if p.soft_tokens}
    assert len(arrays) == 3


def test_features_without_a_cue_are_answered_without_a_sentence(
    base: Path, adapter: Path, reasoner: CausalLM, voice: Path
) -> None:
    for road in ("projected", "both"):
        quiet = settings(base, adapter, voice="off", road=road)
        result, asked = explained(reasoner, Source(path=voice), quiet)
        assert result.unparsed is None
        assert result.labels
        assert result.explanation == ()
        assert "audio" not in asked[0].messages[-1].content.rpartition("Absent:")[2]


def test_the_steps_alone_are_the_run(
    base: Path, adapter: Path, reasoner: CausalLM, voice: Path
) -> None:
    chosen = settings(base, adapter)
    pipeline = Pipeline(chosen, reasoner)
    [ran] = pipeline.run([Source(path=voice)])
    prepared = pipeline.prepare(Source(path=voice))
    assert pipeline.explain([prepared]) == [ran]
    reader = TrackReader(open_encoders(track_encoders(("voice", "face"))))
    alone = Preparer(settings(base, None), reader).prepare(Source(path=voice))
    assert alone.sheet == prepared.sheet
    assert alone.features is not None
    assert prepared.features is not None
    assert (alone.features["voice"].array == prepared.features["voice"].array).all()
    with pytest.raises(AffectError, match=r"gone\.wav"):
        pipeline.prepare(Source(path=voice.with_name("gone.wav")))


def test_one_bad_source_stops_nothing(
    base: Path, adapter: Path, reasoner: CausalLM, voice: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.wav").touch()
    sources = [Source(path=tmp_path / "empty.wav"), Source(path=voice)]
    first, second = Pipeline(settings(base, adapter), reasoner).run(sources)
    assert isinstance(first, Failure)
    assert isinstance(second, EmotionResult)


def test_sheets_without_a_clip_say_what_to_do(
    base: Path, adapter: Path, reasoner: CausalLM
) -> None:
    with pytest.raises(ConfigError, match="no features for the road 'projected'"):
        Pipeline(settings(base, adapter), reasoner).explain_sheets([("a", CueSheet())])
    pipeline = Pipeline(settings(base, adapter, road="text"), reasoner)
    assert pipeline.explain_sheets([("a", CueSheet())])[0].abstained


@pytest.mark.parametrize("road", ["projected", "both"])
def test_a_road_without_a_projector_is_known_first(base: Path, tmp_path: Path, road: str) -> None:
    with pytest.raises(ConfigError, match=f"'{road}' needs an adapter with a projector, and none"):
        Pipeline(settings(base, None, road=road))
    text = make_adapter(tmp_path / "worded", base)
    with pytest.raises(ConfigError, match="'worded' has none"):
        Pipeline(settings(base, text, road=road))


def test_reasoners_that_cannot_are_sentences(base: Path, adapter: Path) -> None:
    with pytest.raises(ConfigError, match="'fake' takes no adapter"):
        Pipeline(settings(base, adapter, reasoner="fake", model=None))
    with pytest.raises(CapabilityError, match="'fake' reads no soft tokens"):
        Pipeline(settings(base, adapter), FakeReasoner())

    class Hears(FakeReasoner):
        capabilities = frozenset({"soft_tokens", "writes", "constrained"})

    with pytest.raises(CapabilityError, match="cannot choose among given sentences"):
        Pipeline(settings(base, adapter), Hears())


def test_folders_that_are_no_adapter_and_other_bases_are_sentences(
    base: Path, adapter: Path, tmp_path: Path
) -> None:
    with pytest.raises(WeightsError, match="no adapter in"):
        Pipeline(settings(base, tmp_path))
    qwen = long_base(tmp_path / "tiny-qwen2", "qwen2")
    with pytest.raises(WeightsError, match="was trained on tiny-llama@local#"):
        Pipeline(settings(qwen, adapter))
