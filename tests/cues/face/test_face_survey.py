"""What a clip's frames become: values, spans, people, absences."""

import pytest
from planted import Pictures, Script, clip_of, face

from affect_llm.cues.extractor import Extraction
from affect_llm.cues.face.layout import EXPRESSIONS
from affect_llm.cues.face.survey import FaceExtractor
from affect_llm.types import Measurement, TimeSpan

WHOLE = [TimeSpan(start_s=0, end_s=10)]


def run(script: Script, windows: list[TimeSpan] = WHOLE, level: int = 128) -> Extraction:
    return FaceExtractor(script, 4).extract(clip_of(Pictures(40, level), 10), windows)


def named(extraction: Extraction, name: str) -> list[Measurement]:
    return [m for m in extraction.measurements if m.name == name]


def test_a_smile_from_second_4_to_6_is_reported_then_and_not_all_the_time() -> None:
    smile = lambda n: [face("happiness", {"AU12": 4.0}) if 16 <= n <= 24 else face()]  # noqa: E731
    (unit,) = named(run(Script(smile)), "AU12")
    assert unit.value == pytest.approx(4.0)
    assert (unit.span.start_s, unit.span.end_s) == (3.875, 6.125)
    (joy,) = named(run(Script(smile)), "face.happiness")
    assert joy.span == unit.span
    assert joy.value == pytest.approx((9 * 0.7 + 31 * 0.05) / 40, abs=1e-3)


def test_a_neutral_face_has_all_expressions_and_no_units() -> None:
    found = run(Script(lambda n: [face()]))
    assert [m.name for m in found.measurements if m.name.startswith("AU")] == []
    assert {m.name for m in found.measurements} >= {f"face.{e}" for e in EXPRESSIONS}
    assert named(found, "face.neutral")[0].value == pytest.approx(0.7)
    assert not found.absent


def test_no_face_is_an_absence_with_a_count() -> None:
    found = run(Script(lambda n: []))
    assert found.measurements == ()
    (gone,) = found.absent
    assert (gone.state, gone.family) == ("absent", "face")
    assert gone.reason == "no face was found in 40 frames"


def test_black_frames_are_called_black() -> None:
    assert "nearly black" in run(Script(lambda n: []), level=0).absent[0].reason


def test_a_clip_without_pictures_is_an_absence() -> None:
    found = FaceExtractor(Script(lambda n: []), 4).extract(clip_of(None, 10), WHOLE)
    assert found.absent[0].reason == "the clip has no pictures"


def test_measurements_lie_within_their_windows() -> None:
    windows = [TimeSpan(start_s=0, end_s=5), TimeSpan(start_s=5, end_s=10)]
    found = run(Script(lambda n: [face("anger", {"AU04": 3.0})]), windows)
    units = named(found, "AU04")
    assert [(m.span.start_s, m.span.end_s) for m in units] == [(0, 4.875), (5 - 0.0, 9.875)]


def test_two_people_are_kept_apart() -> None:
    pair = lambda n: [face("anger", {"AU04": 3.0}), face("happiness", x=400)]  # noqa: E731
    found = run(Script(pair))
    assert [m.person for m in named(found, "AU04")] == ["P1"]
    assert {m.person for m in named(found, "face.happiness")} == {"P1", "P2"}


def test_confidence_falls_with_the_share_of_frames() -> None:
    half = run(Script(lambda n: [face()] if n % 2 else []))
    assert named(half, "face.neutral")[0].confidence == pytest.approx(0.45)


def test_one_frame_alone_makes_no_peak() -> None:
    flash = run(Script(lambda n: [face(units={"AU26": 5.0}) if n == 7 else face()]))
    assert named(flash, "AU26") == []


def test_blinks_are_counted_against_the_norm_and_not_shown_as_closed_eyes() -> None:
    blinking = run(Script(lambda n: [face(units={"AU45": 5.0 if n % 10 == 5 else 0.0})]))
    (rate,) = named(blinking, "blink.rate")
    # 4 closures in 10 s are 24 a minute; 0.2 s blinks are caught in 0.2 / 0.25 of the cases.
    assert rate.value == pytest.approx(30.0)
    assert rate.baseline is not None
    assert rate.baseline.kind == "norm"
    assert named(blinking, "AU45") == []


def test_gaze_is_the_share_of_time_away() -> None:
    away = run(Script(lambda n: [face(gaze=0.9 if n < 10 else 0.1)]))
    assert named(away, "gaze.averted")[0].value == pytest.approx(0.25)


def test_without_eyes_gaze_and_blinks_are_absent_with_a_remedy() -> None:
    found = run(Script(lambda n: [face()], tells_eyes=False))
    assert {a.family for a in found.absent} == {"gaze", "blink"}
    assert all(a.remedy and "models pull" in a.remedy for a in found.absent)
