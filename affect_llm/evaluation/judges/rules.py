"""The judge without a model: `rules@1`, the same scores for ever.

Clues are what the checker's lexicon reads (English); labels are what the label extraction reads
(several languages). Either overlap is ten times the F of their best pairing.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np

from affect_llm.config import Settings
from affect_llm.evaluation.judges import affinity as clue_affinity
from affect_llm.evaluation.judges.clues import clues_of
from affect_llm.evaluation.judges.emotions import Emotion, emotions_of, tables_digest
from affect_llm.evaluation.judges.judge import OverlapQuestion, emptiness, settled
from affect_llm.evaluation.judges.judgement import HIGHEST, JudgeCard, Judgement
from affect_llm.prompting.checker.lexicon import emotion_words, lexicon

T = TypeVar("T")
VERSION = 1
"""The version of the rules, which rises when scores of ordinary texts would move."""
MOSTLY = 0.5
"""A text counts as English when at least this share of its letters is plain ASCII."""


class RuleJudge:
    """A judge that is deterministic and free, and says nothing of what its words do not cover."""

    @cached_property
    def card(self) -> JudgeCard:
        """The card of the rules, with a digest of every table that the scores depend on."""
        parts = [
            lexicon().model_dump_json(),
            json.dumps(emotion_words()),
            json.dumps(clue_affinity.GROUPS),
            json.dumps([clue_affinity.ALIKE, clue_affinity.OTHER_DEGREE, MOSTLY]),
            tables_digest(),
        ]
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        return JudgeCard(
            name="rules",
            version=VERSION,
            model=f"rules@{VERSION}#{digest[:12]}",
            parser="none",
            orders=1,
        )

    def judge(self, questions: Sequence[OverlapQuestion]) -> list[Judgement]:
        """One judgement per question, in order."""
        return [
            emptiness(question, self.card) or self._compared(question) for question in questions
        ]

    def _compared(self, question: OverlapQuestion) -> Judgement:
        one, other = question.reference, question.candidate
        if question.aspect == "labels":
            return self._overlap(question, emotions_of(one), emotions_of(other), Emotion.affinity)
        if not (_english(one) and _english(other)):
            problem = "the rules read clues in English only"
            return settled(question, self.card, problem=problem)
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
        pairs, f1 = best_pairing(reference, candidate, affinity)
        named = [(str(reference[a]), str(candidate[b]), credit) for a, b, credit in pairs]
        return Judgement(
            id=question.id,
            aspect=question.aspect,
            score=HIGHEST * f1,
            matched=tuple(a if a == b else f"{a} ~ {b} ({credit:.2f})" for a, b, credit in named),
            missed=_left(reference, [a for a, _, _ in pairs]),
            added=_left(candidate, [b for _, b, _ in pairs]),
            texts=question.texts,
            judge=self.card,
        )


def open_rules(settings: Settings, log: Path | None) -> RuleJudge:
    """The rules; no setting changes them, and they keep no log."""
    return RuleJudge()


def best_pairing(
    one: Sequence[T], other: Sequence[T], affinity: Callable[[T, T], float]
) -> tuple[list[tuple[int, int, float]], float]:
    """Pair members one to one so that their affinities sum to the most.

    With credit c, precision is c/|other| and recall c/|one|, so F is 2c/(|one| + |other|): a
    Dice coefficient with partial credit (soft cardinality of a matching; Dice 1945).

    Returns:
        Pairs (index in the first, index in the second, affinity above 0); F, 0 to 1, which is 0
        where one is empty.
    """
    if not one or not other:
        return [], 0.0
    from scipy.optimize import linear_sum_assignment

    table = np.array([[affinity(a, b) for b in other] for a in one])
    matched = zip(*linear_sum_assignment(table, maximize=True), strict=True)
    pairs = [(int(r), int(c), float(table[r, c])) for r, c in matched if table[r, c] > 0]
    return pairs, 2 * sum(credit for *_, credit in pairs) / (len(one) + len(other))


def _left(members: Sequence[object], paired: Sequence[int]) -> tuple[str, ...]:
    return tuple(str(member) for n, member in enumerate(members) if n not in paired)


def _english(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return not letters or sum(c.isascii() for c in letters) >= MOSTLY * len(letters)
