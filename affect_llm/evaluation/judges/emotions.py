"""Which emotions a text names, and how near two of them are."""

import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from affect_llm.labels.emotion_words.table import plain
from affect_llm.labels.emotion_words.vocabulary import group_of
from affect_llm.labels.extraction import extract_labels

ALIKE = 0.5
"""The credit for an emotion of another family in the same inner ring; our judgement."""
_TABLES = ("affect_llm.labels.emotion_words", "affect_llm.labels.extraction")


@dataclass(frozen=True, slots=True)
class Emotion:
    """An emotion word, its family of synonyms and the ring of that; None: the word is not known."""

    word: str
    family: str
    ring: str | None

    def __str__(self) -> str:
        """The emotion word itself."""
        return self.word

    def affinity(self, other: "Emotion") -> float:
        """How near two emotions are: 1 within a family, `ALIKE` within a ring, else 0."""
        if self.family == other.family:
            return 1.0
        return ALIKE if self.ring is not None and self.ring == other.ring else 0.0


@lru_cache(maxsize=4096)
def emotions_of(text: str) -> tuple[Emotion, ...]:
    """One emotion per family, in the order of the text, in any language of the vocabulary."""
    extraction = extract_labels(text)
    words = [label.word for label in extraction.labels]
    known = (Emotion(w.base, group_of(w, "family") or w.base, group_of(w, "inner")) for w in words)
    unknown = (Emotion(plain(item), plain(item), None) for item in extraction.unknown)
    by_family: dict[str, Emotion] = {}
    for emotion in (*known, *unknown):
        by_family.setdefault(emotion.family, emotion)
    return tuple(by_family.values())


@cache
def tables_digest() -> str:
    """A digest of every table of words and rules that the emotions of a text depend on."""
    digest = hashlib.sha256(str(ALIKE).encode())
    for package in _TABLES:
        root = files(package)
        for folder in (root, root.joinpath("rules")):
            if folder.is_dir():
                for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
                    if file.name.endswith(".yaml"):
                        digest.update(file.read_bytes())
    return digest.hexdigest()
