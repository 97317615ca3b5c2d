"""The labels that were found in a text, and the words that are none."""

from dataclasses import dataclass
from typing import Literal

from affect_llm.labels.emotion_words.table import EmotionWord

Reason = Literal[
    "told", "negated", "compared", "appearance", "hypothetical", "question", "past", "other",
    "thing", "idiom",
]  # fmt: skip
"""Why a word that is there is no label; of several reasons, the first here.

told: what somebody is told to feel. negated: denied ("not angry"). compared: outdone by another
("more sad than angry"). appearance: overruled by the text itself ("seems happy but is really
anxious"). hypothetical: supposed. question: asked about. past: over. other: felt by a viewer, a
listener or "the other one". thing: said of a song, a film, the weather. idiom: no emotion at all.
"""


@dataclass(frozen=True, slots=True)
class Label:
    """An emotion that the text gives.

    Args:
        word: the base word.
        text: as written.
        start: where it begins in `LabelExtraction.text`; `end` is one past its last character.
        strength: 0 to 1: of the word itself, less for "slightly" and for what is only guessed,
            more for "extremely". An order, not a measurement.
    """

    word: EmotionWord
    text: str
    start: int
    end: int
    strength: float


@dataclass(frozen=True, slots=True)
class SetAside:
    """An emotion word that is no label here, and why; the rest as in `Label`."""

    word: EmotionWord
    text: str
    start: int
    end: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class LabelExtraction:
    """The labels and other emotion words of one text.

    Args:
        text: the text in composed Unicode (NFC), which the spans count in.
        language: of the rules that were used, two letters.
        labels: from left to right; a word that is given twice is there twice.
        set_aside: emotion words that are no labels.
        unknown: items of a list of labels that the vocabulary lacks.
    """

    text: str
    language: str
    labels: tuple[Label, ...]
    set_aside: tuple[SetAside, ...]
    unknown: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Base words of the labels, each once, in order of appearance."""
        return tuple(dict.fromkeys(label.word.base for label in self.labels))
