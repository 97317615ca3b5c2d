"""Written cases: which labels a careful reader keeps of each sentence."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from affect_llm.labels.emotion_words import EmotionVocabulary
from affect_llm.labels.extraction import extract_labels

FOLDER = Path(__file__).parents[1] / "data" / "extraction"


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, its language and the base words of its labels."""

    id: str
    language: str
    gold: frozenset[str]
    text: str

    @property
    def aside(self) -> bool:
        """Whether the case was kept aside while rules were tuned: by its id's hash."""
        return hashlib.sha256(f"extraction-2026:{self.id}".encode()).digest()[0] % 2 == 0


def cases(name: str) -> list[Case]:
    document = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return [_case(key, *value) for key, value in document.items()]


def _case(key: str, labels: list[str], text: str) -> Case:
    vocabulary = EmotionVocabulary.own(key[:2])
    words = {label: vocabulary.word(label) for label in labels}
    gold = frozenset(word.base if word else f"unknown: {label}" for label, word in words.items())
    return Case(key, key[:2], gold, text)


def micro_f1(chosen: Iterable[Case]) -> float:
    """F over (case, base word), the language told from the text."""
    hits = wrong = missed = 0
    for case in chosen:
        found = set(extract_labels(case.text).words)
        hits += len(found & case.gold)
        wrong += len(found - case.gold)
        missed += len(case.gold - found)
    return 2 * hits / (2 * hits + wrong + missed)
