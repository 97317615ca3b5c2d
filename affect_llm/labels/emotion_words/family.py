"""The families that emotion words fall into, read from `families.yaml`."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from affect_llm.labels.emotion_words.table import read_yaml

_NO_PLACE = "-"


@dataclass(frozen=True, slots=True)
class Family:
    """A family of the outer ring of our wheel.

    Args:
        name: its name, also the name of its group ("annoyance").
        inner: the ring's inner group ("anger").
        canonical: the project's canonical emotion; None where none of the nine is a name for it.
        ekman: one of Ekman's six or neutral.
        plutchik: one of Plutchik's eight; None for neutral families.
        goemotions: one of the 28 labels of Demszky et al. (2020); None where they have none.
        valence: from -1 to 1, for a word of middling strength.
        arousal: likewise.
    """

    name: str
    inner: str
    canonical: str | None
    ekman: str | None
    plutchik: str | None
    goemotions: str | None
    valence: float
    arousal: float


@cache
def families() -> dict[str, Family]:
    """Every family by name, in the order of the wheel."""
    rings = read_yaml(files(__package__).joinpath("families.yaml").read_text("utf-8"))
    every: dict[str, Family] = {}
    for inner, ring in rings.items():
        for name, row in ring.items():
            schemes = (None if scheme == _NO_PLACE else str(scheme) for scheme in row[:4])
            canonical, ekman, plutchik, goemotions = schemes
            valence, arousal = map(float, row[4:])
            every[name] = Family(
                name, inner, canonical, ekman, plutchik, goemotions, valence, arousal
            )
    return every
