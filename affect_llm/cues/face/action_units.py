"""MediaPipe's 52 blendshapes → FACS action units, gaze and closed eyes.

The names of ARKit's blendshapes follow FACS closely; the pairing below is our reading of both
manuals (Ekman, Friesen, Hager 2002; Apple, ARFaceAnchor.BlendShapeLocation). Floors and
ceilings come from 3205 FER2013 faces: below the floor a resting face already lies, at the
ceiling (about the 99th percentile) the unit counts as maximal, 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from affect_llm.cues.face.layout import TAUGHT_UNITS

_MAXIMUM = 5.0


@dataclass(frozen=True, slots=True)
class UnitRule:
    """How one action unit is read from blendshapes.

    Args:
        groups: the unit is as strong as the weakest group; a group is the mean of its shapes.
        floor: group value at intensity 0.
        ceiling: group value at intensity 5.
    """

    groups: tuple[tuple[str, ...], ...]
    floor: float
    ceiling: float

    def intensity(self, shapes: Mapping[str, float]) -> float:
        """FACS intensity 0 to 5 for blendshape scores in 0 to 1."""
        value = min(sum(shapes[name] for name in group) / len(group) for group in self.groups)
        share = (value - self.floor) / (self.ceiling - self.floor)
        return _MAXIMUM * min(max(share, 0.0), 1.0)


def _both(stem: str) -> tuple[str, str]:
    return (f"{stem}Left", f"{stem}Right")


UNIT_RULES: dict[str, UnitRule] = {
    "AU01": UnitRule((("browInnerUp",),), 0.10, 0.90),
    "AU02": UnitRule((_both("browOuterUp"),), 0.20, 0.95),
    "AU04": UnitRule((_both("browDown"),), 0.05, 0.70),
    "AU05": UnitRule((_both("eyeWide"),), 0.03, 0.40),
    # `cheekSquint` stays at zero in this model: narrowed eyes above a smile stand in for it.
    "AU06": UnitRule((_both("eyeSquint"), _both("mouthSmile")), 0.15, 0.75),
    "AU07": UnitRule((_both("eyeSquint"),), 0.35, 0.80),
    "AU10": UnitRule((_both("mouthUpperUp"),), 0.10, 0.80),
    "AU12": UnitRule((_both("mouthSmile"),), 0.05, 0.95),
    "AU14": UnitRule((_both("mouthDimple"),), 0.03, 0.20),
    "AU15": UnitRule((_both("mouthFrown"),), 0.03, 0.45),
    "AU17": UnitRule((("mouthShrugLower",),), 0.05, 0.55),
    "AU18": UnitRule((("mouthPucker",),), 0.30, 1.00),
    "AU20": UnitRule((_both("mouthStretch"),), 0.05, 0.65),
    "AU23": UnitRule((("mouthRollLower", "mouthRollUpper"),), 0.05, 0.40),
    "AU24": UnitRule((_both("mouthPress"),), 0.05, 0.40),
    "AU25": UnitRule((("jawOpen", *_both("mouthLowerDown")),), 0.04, 0.75),
    "AU26": UnitRule((("jawOpen",),), 0.04, 0.65),
    "AU45": UnitRule((_both("eyeBlink"),), 0.30, 0.75),
}
_GAZE = (
    ("eyeLookOutLeft", "eyeLookInRight"),
    ("eyeLookInLeft", "eyeLookOutRight"),
    ("eyeLookUpLeft", "eyeLookUpRight"),
    ("eyeLookDownLeft", "eyeLookDownRight"),
)
GAZE_AVERTED = 0.5
"""Eye rotation (0 to 1 of its range) from which a gaze counts as turned away."""


def action_units(shapes: Mapping[str, float]) -> tuple[float, ...]:
    """Intensities 0 to 5 in the order of `TAUGHT_UNITS`."""
    return tuple(UNIT_RULES[unit].intensity(shapes) for unit in TAUGHT_UNITS)


def gaze_turn(shapes: Mapping[str, float]) -> float:
    """How far the eyes are turned from straight ahead, 0 to 1 of their range."""
    return max(sum(shapes[name] for name in pair) / len(pair) for pair in _GAZE)
