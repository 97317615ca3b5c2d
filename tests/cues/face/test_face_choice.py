"""Which extractor is taken, and what the registry knows."""

from pathlib import Path

import pytest
from planted import Pictures, clip_of

from affect_llm.cues.face import landmarked
from affect_llm.cues.face.fake import FakeFace
from affect_llm.cues.face.family import FACE
from affect_llm.cues.face.landmarked import MediaPipeFace, choose_face
from affect_llm.cues.face.layout import EXPRESSIONS
from affect_llm.errors import UnknownComponent, WeightsError
from affect_llm.types import Absence, TimeSpan


def world(patch: pytest.MonkeyPatch, *packages: str, weight: bool) -> None:
    patch.setattr(landmarked, "find_spec", lambda name: name if name in packages else None)
    patch.setattr(landmarked, "locate", lambda name: Path("x") if weight else None)


def test_mediapipe_is_taken_when_package_and_weight_are_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world(monkeypatch, "torch", "mediapipe", "dlib", weight=True)
    assert choose_face() == "mediapipe"


@pytest.mark.parametrize("packages", [("torch", "dlib"), ("torch", "dlib", "mediapipe")])
def test_light_is_taken_without_the_weight(
    monkeypatch: pytest.MonkeyPatch, packages: tuple[str, ...]
) -> None:
    world(monkeypatch, *packages, weight=False)
    assert choose_face() == "light"


def test_neither_is_an_absence_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    world(monkeypatch, "torch", "mediapipe", weight=False)
    chosen = choose_face()
    assert isinstance(chosen, Absence)
    assert chosen.remedy == "affect-llm models pull face-landmarker"


def test_mediapipe_without_its_weight_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landmarked, "locate", lambda name: None)
    with pytest.raises(WeightsError, match="models pull face-landmarker"):
        MediaPipeFace()


def test_every_registered_extractor_is_a_class_of_its_name() -> None:
    assert FACE.extractors.names() == ("fake", "light", "mediapipe")
    assert {name: FACE.extractors.get(name).name for name in FACE.extractors.names()} == {
        n: n for n in FACE.extractors.names()
    }
    with pytest.raises(UnknownComponent, match="light"):
        FACE.extractors.get("lite")


def test_the_fake_shows_seven_expressions_that_sum_to_one() -> None:
    window = TimeSpan(start_s=1, end_s=2)
    found = FakeFace().extract(clip_of(Pictures(1), 3), [window]).measurements
    shown = [m for m in found if m.name.startswith("face.")]
    assert {m.name for m in shown} == {f"face.{name}" for name in EXPRESSIONS}
    assert sum(float(m.value) for m in shown) == pytest.approx(1)
    assert {m.span for m in found} == {window}


def test_the_fake_sees_nothing_in_a_clip_without_pictures() -> None:
    found = FakeFace().extract(clip_of(None, 3), [TimeSpan(start_s=0, end_s=3)])
    assert found.measurements == ()
    assert found.absent[0].reason == "the clip has no pictures"
