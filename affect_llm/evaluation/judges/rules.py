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
from affect_llm.evaluation.judges.emotions import Emotion, emotions_of, tables_digest
from affect_llm.evaluation.judges.judge import OverlapQuestion, emptiness, settled
from affect_llm.evaluation.judges.judgement import HIGHEST, JudgeCard, Judgement
from affect_llm.evaluation.judges.soft_f1 import best_pairing
from affect_llm.prompting.checker.lexicon import emotion_words, lexicon

T = TypeVar("T")
VERSION = 1
"""The version of the rules, which rises when scores of ordinary texts would move."""
_ENGLISH_ONLY = "the rules read clues in English only"
MOSTLY = 0.5
"""A text counts as English when at least this share of its letters is plain ASCII."""


class RuleJudge:
    """A judge that is deterministic and free, and says nothing of what its words do not cover."""

    @cached_property
    def card(self) -> JudgeCard:
        """The card of the rules, with a digest of every table that the scores depend on."""
        return JudgeCard(
            name="rules",
            version=VERSION,
            model=f"rules@{VERSION}#{_digest()}",
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
            return self._overlap(question, emotions_of(one), emotions_of(other), Emotion.affinity)
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
            matched=tuple(
                _match(str(reference[a]), str(candidate[b]), credit)
                for a, b, credit in pairing.pairs
            ),
            missed=_left(reference, [a for a, _, _ in pairing.pairs]),
            added=_left(candidate, [b for _, b, _ in pairing.pairs]),
            texts=question.texts,
            judge=self.card,
        )


def open_rules(settings: Settings, log: Path | None) -> RuleJudge:
    """The rules; no setting changes them, and they keep no log."""
    return RuleJudge()


def _match(one: str, other: str, credit: float) -> str:
    return one if one == other else f"{one} ~ {other} ({credit:.2f})"


def _left(members: Sequence[object], paired: Sequence[int]) -> tuple[str, ...]:
    return tuple(str(member) for n, member in enumerate(members) if n not in paired)


def _english(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return not letters or sum(c.isascii() for c in letters) >= MOSTLY * len(letters)


def _digest() -> str:
    parts = [
        lexicon().model_dump_json(),
        json.dumps(emotion_words()),
        json.dumps(clue_affinity.GROUPS),
        json.dumps([clue_affinity.ALIKE, clue_affinity.OTHER_DEGREE, MOSTLY]),
        tables_digest(),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
