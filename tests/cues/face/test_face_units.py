"""Blendshapes to action units, by hand."""

import pytest

from affect_llm.cues.face.action_units import UNIT_RULES, action_units, gaze_turn
from affect_llm.cues.face.family import ACTION_UNITS
from affect_llm.cues.face.layout import TAUGHT_UNITS

NAMES = {n for rule in UNIT_RULES.values() for group in rule.groups for n in group}
EYES = {f"eyeLook{way}{side}" for way in ("In", "Out", "Up", "Down") for side in ("Left", "Right")}
REST = dict.fromkeys(NAMES | EYES, 0.0)


def test_every_taught_unit_has_a_rule_and_a_place_in_the_catalogue() -> None:
    assert set(UNIT_RULES) == set(TAUGHT_UNITS) <= set(ACTION_UNITS)


def test_a_resting_face_shows_nothing() -> None:
    assert action_units(REST) == (0.0,) * len(TAUGHT_UNITS)


def test_everything_at_once_is_maximal() -> None:
    assert action_units(dict.fromkeys(REST, 1.0)) == (5.0,) * len(TAUGHT_UNITS)


@pytest.mark.parametrize(("smile", "intensity"), [(0.05, 0.0), (0.5, 2.5), (0.95, 5.0)])
def test_a_smile_is_au12_between_its_floor_and_ceiling(smile: float, intensity: float) -> None:
    shapes = {**REST, "mouthSmileLeft": smile, "mouthSmileRight": smile}
    assert UNIT_RULES["AU12"].intensity(shapes) == pytest.approx(intensity)


def test_au06_needs_narrowed_eyes_and_a_smile() -> None:
    squint = {"eyeSquintLeft": 0.7, "eyeSquintRight": 0.7}
    smile = {"mouthSmileLeft": 0.9, "mouthSmileRight": 0.9}
    assert UNIT_RULES["AU06"].intensity({**REST, **squint}) == 0
    assert UNIT_RULES["AU06"].intensity({**REST, **smile}) == 0
    assert UNIT_RULES["AU06"].intensity({**REST, **squint, **smile}) > 4


def test_gaze_to_one_side_counts_both_eyes() -> None:
    assert gaze_turn({**REST, "eyeLookOutLeft": 0.8, "eyeLookInRight": 0.6}) == pytest.approx(0.7)
    assert gaze_turn({**REST, "eyeLookOutLeft": 0.8}) == pytest.approx(0.4)
