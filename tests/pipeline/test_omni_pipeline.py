"""A clip's own media reaches a reasoner that reads it, and no other."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from affect_llm.config import load_settings
from affect_llm.errors import ConfigError
from affect_llm.pipeline import Pipeline, Source
from affect_llm.reasoners.fake import FakeReasoner
from affect_llm.types import Completion, EmotionResult, Modality, Prompt

DEMO = Path(__file__).parents[2] / "examples" / "demo.mp4"
OFF = {"face": "off", "voice": "off", "speech": "off", "scene": "off"}


class Looks(FakeReasoner):
    """Keeps what it was shown."""

    name = "looks"
    capabilities = FakeReasoner.capabilities | {"media"}

    def __init__(self, tracks: tuple[str, ...] = ("video", "audio")) -> None:
        self.media_tracks = tracks
        self.prompts: list[Prompt] = []

    def complete(self, prompts: Sequence[Prompt], *, max_new_tokens: int) -> list[Completion]:
        self.prompts += prompts
        return super().complete(prompts, max_new_tokens=max_new_tokens)


def explained(shown_to: FakeReasoner, source: Source, /, **more: object) -> EmotionResult:
    (result,) = Pipeline(load_settings(**{**OFF, **more}), shown_to).run([source])
    assert isinstance(result, EmotionResult)
    return result


def families(result: EmotionResult) -> dict[str | None, str]:
    return {absence.family: absence.reason for absence in result.sheet.absent}


def test_pictures_and_sound_stand_in_their_slots_beside_the_cues() -> None:
    looks = Looks()
    result = explained(looks, Source(path=DEMO))
    (prompt,) = looks.prompts
    assert "Features: video <|soft:video|> audio <|soft:audio|>" in prompt.messages[-1].content
    assert "words |" in prompt.messages[-1].content
    assert prompt.media is not None
    media = prompt.media.read()
    assert len(media.frames) == 16
    assert len(media.audio) == pytest.approx(9.28 * 16_000, abs=1600)
    assert result.provenance.settings["road"] == "both"
    assert "audio (" not in prompt.messages[-1].content.partition("Absent:")[2]


def test_a_reasoner_without_eyes_and_ears_gets_none() -> None:
    class Reads(Looks):
        capabilities = FakeReasoner.capabilities

    reads = Reads()
    explained(reads, Source(path=DEMO))
    assert reads.prompts[0].media is None
    assert "Features:" not in reads.prompts[0].messages[-1].content


def test_on_the_text_road_the_clip_is_not_shown() -> None:
    looks = Looks()
    explained(looks, Source(path=DEMO), road="text", reasoner="omni", model="x")
    assert looks.prompts[0].media is None


def test_on_the_projected_road_the_clip_stands_in_for_face_and_voice() -> None:
    looks = Looks()
    settings = {"road": "projected", "reasoner": "omni", "model": "x", "voice": "light"}
    result = explained(looks, Source(path=DEMO), **settings)
    shown = looks.prompts[0].messages[-1].content
    assert "words |" in shown
    assert "prosody" not in shown
    assert any(cue.modality == Modality.AUDIO for cue in result.sheet.cues)
    assert looks.prompts[0].media is not None


def test_each_window_is_shown_its_own_stretch() -> None:
    looks = Looks()
    explained(looks, Source(path=DEMO), window_s=5)
    spans = [(p.media.span.start_s, p.media.span.end_s) for p in looks.prompts]  # type: ignore[union-attr]
    assert spans == [(0, pytest.approx(9.28, abs=0.01)), (0, pytest.approx(4.64, abs=0.01)),
                     (pytest.approx(4.64, abs=0.01), pytest.approx(9.28, abs=0.01))]  # fmt: skip


def test_what_is_not_shown_is_said() -> None:
    text = Looks()
    said = families(explained(text, Source(text="We made it!")))
    assert said["audio features"] == "the clip has no sound"
    assert said["video features"] == "the clip has no pictures"
    assert text.prompts[0].media is None
    deaf = families(explained(Looks(("video",)), Source(path=DEMO)))
    assert deaf["audio features"] == "this model takes no sound"
    unasked = families(explained(Looks(), Source(path=DEMO), modalities=("text", "visual")))
    assert "not among the modalities" in unasked["audio features"]
    cut = families(explained(Looks(), Source(path=DEMO), omni={"audio_s": 4}))
    assert cut["sound for the whole answer"].startswith("only the first 4 of 9 s")


def test_a_clip_without_cues_is_still_shown() -> None:
    looks = Looks()
    result = explained(looks, Source(path=DEMO), modalities=("visual",))
    assert looks.prompts[0].media is not None
    assert json.loads(result.raw)["explanation"] == []


def test_an_adapter_does_not_go_on_a_model_that_looks_itself() -> None:
    with pytest.raises(ConfigError, match="takes no adapter"):
        Pipeline(load_settings(reasoner="omni", model="x", adapter="here"))
