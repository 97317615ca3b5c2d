"""Groups for every word: what the published grouping drops or forgets has a place here.

The published scores drop words that their tables do not know, from gold and prediction alike, and
have no place for "neutral". Here
1. a word on the wheel belongs to its group, as before;
2. "neutral" and its like are a group of their own;
3. a word that the tables know but this wheel lacks falls back to a finer grouping ("M2"), so that
   every wheel scores the same clips;
4. a word that nothing knows stands for itself: it is right only when the gold says the same word,
   and otherwise a false positive like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from affect_llm.metrics.emotion_wheel import LEVEL_1, LEVEL_2, OfficialVocabulary
from affect_llm.metrics.set_overlap import Grouping

NEUTRAL_WORDS = frozenset({"neutral", "neutrality", "neutral emotion", "no emotion", "emotionless"})
RULES = "repaired-1"
"""The name of these rules in a report, with a version that rises when they change."""


@dataclass(frozen=True, slots=True)
class RepairedGrouping:
    """A `Grouping` that gives every word a group.

    Args:
        primary: whose groups are scored.
        fallbacks: asked in turn for words that it lacks.
    """

    primary: Grouping
    fallbacks: tuple[Grouping, ...] = ()

    @property
    def name(self) -> str:
        """The primary's name, marked as repaired."""
        return f"repaired-{self.primary.name.removeprefix('M3-')}"

    @property
    def version(self) -> str:
        """These rules and the vocabulary they stand on."""
        return f"{RULES}/{self.primary.version}"

    def group(self, word: str) -> str | None:
        """The word's group; None for a blank word only."""
        return self.known_group(word) or _own_group("word", word)

    def known_group(self, word: str) -> str | None:
        """The word's group, None if it would have to stand for itself."""
        spellings = (word, word.replace("'", "’"))
        group = _first_group([self.primary], spellings)
        if group is not None:
            return group
        if word.lower().strip() in NEUTRAL_WORDS:
            return "neutral"
        finer = _first_group(self.fallbacks, spellings)
        return None if finer is None else _own_group("off the wheel", finer)


def repaired_wheels(vocabulary: OfficialVocabulary) -> tuple[RepairedGrouping, ...]:
    """Both rings of five wheels, repaired; meant for the 2026 edition, where fear is fear."""
    finer = vocabulary.groupings["M2"]
    return repaired([vocabulary.groupings[name] for name in (*LEVEL_1, *LEVEL_2)], finer)


def repaired(groupings: Sequence[Grouping], *fallbacks: Grouping) -> tuple[RepairedGrouping, ...]:
    """Any vocabulary's groupings, repaired."""
    return tuple(RepairedGrouping(grouping, fallbacks) for grouping in groupings)


def _first_group(groupings: Sequence[Grouping], spellings: Sequence[str]) -> str | None:
    groups = (grouping.group(written) for grouping in groupings for written in spellings)
    return next((group for group in groups if group is not None), None)


def _own_group(kind: str, word: str) -> str | None:
    """A group for one word, so named that it cannot be taken for one of the vocabulary."""
    plain = word.lower().strip()
    return f"{kind}: {plain}" if plain else None
