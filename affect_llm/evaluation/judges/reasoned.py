"""Any reasoner as a judge: pinned prompts, both orders, verdicts that are read or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from affect_llm.config import Settings
from affect_llm.errors import ParseFailure
from affect_llm.evaluation.judges.emotion_words import ask_words, read_words
from affect_llm.evaluation.judges.judge import Question, emptiness, settled
from affect_llm.evaluation.judges.judgement import JudgeCard, Judgement, Order, Pass
from affect_llm.evaluation.judges.numerals import in_range
from affect_llm.evaluation.judges.official import first_number
from affect_llm.evaluation.judges.procedure import FIRST_NUMBER, SWAPPED, Procedure
from affect_llm.evaluation.judges.replies import Asker, Reply, ReplyLog
from affect_llm.evaluation.judges.verdicts import Verdict, read_verdict, refuse_unasked
from affect_llm.reasoners.registry import open_reasoner


class ReasonedJudge:
    """A reasoner that judges.

    Args:
        asker: asks it, or the log of its earlier replies.
        procedure: how.
    """

    def __init__(self, asker: Asker, procedure: Procedure = SWAPPED) -> None:
        self._asker = asker
        self._procedure = procedure

    @cached_property
    def card(self) -> JudgeCard:
        """With the model's passport and those of the prompts."""
        decoding = "constrained" if self._asker.constrained else "free"
        return JudgeCard(
            name=self._procedure.name,
            version=self._procedure.version,
            model=self._asker.model,
            prompts=self._procedure.passports(),
            parser=f"{self._procedure.parser}, {decoding}",
            orders=len(self._procedure.orders),
        )

    def judge(self, questions: Sequence[Question]) -> list[Judgement]:
        """One judgement per question, in order.

        Label overlap takes two steps, as in EMER: the words of each text, then their overlap.
        """
        words = self._words(questions)
        prepared = [self._prepared(question, words) for question in questions]
        passes = iter(self._passes([q for q in prepared if isinstance(q, Question)]))
        return [
            found
            if isinstance(found, Judgement)
            else self._judgement(question, next(passes), _replies(question, words))
            for question, found in zip(questions, prepared, strict=True)
        ]

    def _words(self, questions: Sequence[Question]) -> Mapping[str, Reply]:
        pairs = [(q.reference, q.candidate) for q in questions if q.aspect == "labels"]
        return ask_words(
            self._asker, [t for pair in pairs if all(map(str.strip, pair)) for t in pair]
        )

    def _prepared(self, question: Question, words: Mapping[str, Reply]) -> Question | Judgement:
        """What to ask the judge; or the judgement, where there is nothing to ask."""
        empty = emptiness(question, self.card)
        if empty is not None or question.aspect == "clues":
            return empty or question
        replies = _replies(question, words)
        try:
            reference, candidate = (
                read_words(words[t]) for t in (question.reference, question.candidate)
            )
        except ParseFailure as failure:
            return settled(
                question, self.card, problem=f"emotion words: {failure}", replies=replies
            )
        if not reference:
            problem = "the judge finds no emotion in the reference"
            return settled(question, self.card, problem=problem, replies=replies)
        if not candidate:
            note = "the judge finds no emotion in the candidate"
            return settled(question, self.card, note=note, replies=replies)
        return replace(question, reference=", ".join(reference), candidate=", ".join(candidate))

    def _passes(self, questions: Sequence[Question]) -> list[tuple[Pass, ...]]:
        orders = self._procedure.orders
        prompts = [self._procedure.prompt(q, order) for q in questions for order in orders]
        replies = iter(self._asker.ask(prompts))
        return [tuple(self._pass(next(replies), order) for order in orders) for _ in questions]

    def _pass(self, reply: Reply, order: Order) -> Pass:
        try:
            verdict = self._read(reply)
        except ParseFailure as failure:
            return Pass(order=order, problem=str(failure), raw=reply.text)
        return Pass(
            order=order,
            score=verdict.score,
            matched=verdict.matched,
            reason=verdict.reason,
            raw=reply.text,
        )

    def _read(self, reply: Reply) -> Verdict:
        if self._procedure.parser == "robust":
            return read_verdict(reply, constrained=self._asker.constrained)
        refuse_unasked(reply)
        return Verdict(in_range(first_number(reply.text)))

    def _judgement(
        self, question: Question, passes: tuple[Pass, ...], replies: tuple[str, ...]
    ) -> Judgement:
        """The mean of the passes; one alone is not taken for both."""
        scores = [p.score for p in passes if p.score is not None]
        problem = next((p.problem for p in passes if p.problem is not None), None)
        return Judgement(
            id=question.id,
            aspect=question.aspect,
            score=None if problem else sum(scores) / len(scores),
            problem=problem,
            matched=passes[0].matched,
            passes=passes,
            replies=replies,
            texts=question.texts,
            judge=self.card,
        )


def open_reasoned(settings: Settings, log: Path | None) -> ReasonedJudge:
    """The reasoner that the settings name, judging each pair in both orders.

    Raises:
        AffectError: the reasoner cannot be opened, or the log cannot be read.
    """
    return ReasonedJudge(_asker(settings, log))


def open_first_number(settings: Settings, log: Path | None) -> ReasonedJudge:
    """The same reasoner asked once and read as the official code did; for comparison only.

    Raises:
        AffectError: the reasoner cannot be opened, or the log cannot be read.
    """
    return ReasonedJudge(_asker(settings, log), FIRST_NUMBER)


def _asker(settings: Settings, log: Path | None) -> Asker:
    return Asker(open_reasoner(settings), ReplyLog(log), settings.batch_size)


def _replies(question: Question, words: Mapping[str, Reply]) -> tuple[str, ...]:
    """The raw replies that the words of a label question were read from."""
    texts = (question.reference, question.candidate) if question.aspect == "labels" else ()
    return tuple(words[text].text for text in texts if text in words)
