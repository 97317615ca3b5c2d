"""The judge without a model: `rules@1`, the same scores for ever.

Clues are what the checker's lexicon reads (English); labels are what the label extraction reads
(several languages). Either overlap is ten times the F of their best pairing (`soft_f1`).
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from affect_llm.config import Settings
from affect_llm.evaluation.judges import affinity as clue_affinity
from affect_llm.evaluation.judges.clues import clues_of
from affect_llm.evaluation.judges.emotions import Emotion, EmotionReader, shipped_reader
from affect_llm.evaluation.judges.judge import OverlapQuestion, emptiness, settled
from affect_llm.evaluation.judges.judgement import HIGHEST, JudgeCard, Judgement
from affect_llm.evaluation.judges.soft_f1 import Pairing, best_pairing
from affect_llm.prompting.checker.lexicon import emotion_words, lexicon

T = TypeVar("T")
VERSION = 1
_ENGLISH_ONLY = "the rules read clues in English only"
MOSTLY = 0.5
"""A text counts as English when at least this share of its letters is plain ASCII."""


class RuleJudge:
    """Deterministic and free; says nothing of what its words do not cover.

    Args:
        emotions: reads and compares the emotions that a text names.
    """

    def __init__(self, emotions: EmotionReader | None = None) -> None:
        self._emotions = emotions or shipped_reader()

    @cached_property
    def card(self) -> JudgeCard:
        """The card of the rules, with a digest of every table that the scores depend on."""
        return JudgeCard(
            name="rules",
            version=VERSION,
            model=f"rules@{VERSION}#{_digest(self._emotions.tables)}",
            parser="none",
            orders=1,
        )

    def judge(self, questions: Sequence[OverlapQuestion]) -> list[Judgement]:
        """One judgement per question, in order."""
        return [self._one(question) for question in questions]

    def _one(self, question: OverlapQuestion) -> Judgement:
        empty = emptiness(question, self.card)
        if empty is not None:
            return empty
        one, other = question.reference, question.candidate
        if question.aspect == "labels":
            read = self._emotions.read
            return self._overlap(question, read(one), read(other), Emotion.affinity)
        if not (_english(one) and _english(other)):
            return settled(question, self.card, problem=_ENGLISH_ONLY)
        return self._overlap(question, clues_of(one), clues_of(other), clue_affinity.affinity)

    def _overlap(
        self,
        question: OverlapQuestion,
        reference: Sequence[T],
        candidate: Sequence[T],
        affinity: Callable[[T, T], float],
    ) -> Judgement:
        if not reference:
            what = "clue" if question.aspect == "clues" else "emotion"
            problem = f"the rules find no {what} in the reference"
            return settled(question, self.card, problem=problem)
        if not candidate:
            return settled(question, self.card, note="the rules find nothing in the candidate")
        pairing = best_pairing(reference, candidate, affinity)
        return Judgement(
            id=question.id,
            aspect=question.aspect,
            score=HIGHEST * pairing.f,
            matched=_matched(pairing, reference, candidate),
            missed=_left(reference, [one for one, *_ in pairing.pairs]),
            added=_left(candidate, [two for _, two, _ in pairing.pairs]),
            texts=question.texts,
            judge=self.card,
        )


def open_rules(settings: Settings, log: Path | None) -> RuleJudge:
    """The rules; no setting changes them, and they keep no log."""
    return RuleJudge()


def _matched(pairing: Pairing, one: Sequence[object], other: Sequence[object]) -> tuple[str, ...]:
    return tuple(
        str(one[a]) if str(one[a]) == str(other[b]) else f"{one[a]} ~ {other[b]} ({weight:.2f})"
        for a, b, weight in pairing.pairs
    )


def _left(members: Sequence[object], paired: Sequence[int]) -> tuple[str, ...]:
    return tuple(str(member) for n, member in enumerate(members) if n not in paired)


def _english(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return not letters or sum(c.isascii() for c in letters) >= MOSTLY * len(letters)


def _digest(emotion_tables: str) -> str:
    parts = [
        lexicon().model_dump_json(),
        json.dumps(emotion_words()),
        json.dumps(clue_affinity.GROUPS),
        json.dumps([clue_affinity.ALIKE, clue_affinity.OTHER_DEGREE, MOSTLY]),
        emotion_tables,
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
