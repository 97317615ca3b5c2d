"""Any reasoner as a judge: pinned prompts, both orders, verdicts that are read or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property, partial
from pathlib import Path

from affect_llm.config import Settings
from affect_llm.errors import ParseFailure
from affect_llm.evaluation.judges.judge import OverlapQuestion, emptiness, settled
from affect_llm.evaluation.judges.judgement import JudgeCard, Judgement, Order, Pass
from affect_llm.evaluation.judges.numerals import first_number, in_range
from affect_llm.evaluation.judges.procedure import (
    FIRST_NUMBER,
    SWAPPED,
    WORDS,
    Procedure,
    prompt_of,
)
from affect_llm.evaluation.judges.replies import Asker, JudgeReply, ReplyLog
from affect_llm.evaluation.judges.verdicts import (
    WORDS_SCHEMA,
    OverlapVerdict,
    read_verdict,
    read_words,
    refuse_unasked,
)
from affect_llm.prompting.cue_line import quote
from affect_llm.prompting.files import prompt_file
from affect_llm.reasoners.registry import open_reasoner

Replies = Mapping[str, JudgeReply]
"""Text → the reply that lists its emotion words."""


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
        """The judge's card, which names the model and the version of every prompt."""
        way = self._procedure
        used = tuple(prompt_file(name).provenance for name in (WORDS, *way.prompts.values()))
        return self._asker.card(way.name, way.version, used, way.parser, len(way.orders))

    def judge(self, questions: Sequence[OverlapQuestion]) -> list[Judgement]:
        """One judgement per question, in order.

        Label overlap takes two steps, as in EMER: the words of each text, then their overlap.
        """
        words = self._words(questions)
        prepared = [self._prepared(question, words) for question in questions]
        left = [ready for ready in prepared if isinstance(ready, OverlapQuestion)]
        way, orders = self._procedure, self._procedure.orders
        replies = iter(self._asker.ask([way.prompt(q, order) for q in left for order in orders]))
        judgements = []
        for question, ready in zip(questions, prepared, strict=True):
            if isinstance(ready, OverlapQuestion):
                passes = tuple(self._pass(next(replies), order) for order in orders)
                scores = [p.score for p in passes if p.score is not None]
                # One pass alone is not taken for both.
                problem = next((p.problem for p in passes if p.problem is not None), None)
                ready = Judgement(
                    id=question.id,
                    aspect=question.aspect,
                    score=None if problem else sum(scores) / len(scores),
                    problem=problem,
                    matched=passes[0].matched,
                    passes=passes,
                    replies=_replies(question, words),
                    texts=question.texts,
                    judge=self.card,
                )
            judgements.append(ready)
        return judgements

    def _words(self, questions: Sequence[OverlapQuestion]) -> Replies:
        """A reply per text of a label question that lists its emotions; each text asked once."""
        pairs = [(q.reference, q.candidate) for q in questions if q.aspect == "labels"]
        texts = list(dict.fromkeys(t for pair in pairs if all(map(str.strip, pair)) for t in pair))
        file = prompt_file(WORDS)
        prompts = [prompt_of(file, {"text": quote(text)}, WORDS_SCHEMA) for text in texts]
        return dict(zip(texts, self._asker.ask(prompts), strict=True))

    def _prepared(self, question: OverlapQuestion, words: Replies) -> OverlapQuestion | Judgement:
        """What to ask the judge; or the judgement, where there is nothing to ask."""
        empty = emptiness(question, self.card)
        if empty is not None or question.aspect == "clues":
            return empty or question
        replies = _replies(question, words)
        try:
            reference = read_words(words[question.reference])
            candidate = read_words(words[question.candidate])
        except ParseFailure as failure:
            problem = f"emotion words: {failure}"
            return settled(question, self.card, problem=problem, replies=replies)
        if not reference:
            problem = "the judge finds no emotion in the reference"
            return settled(question, self.card, problem=problem, replies=replies)
        if not candidate:
            note = "the judge finds no emotion in the candidate"
            return settled(question, self.card, note=note, replies=replies)
        return replace(question, reference=", ".join(reference), candidate=", ".join(candidate))

    def _pass(self, reply: JudgeReply, order: Order) -> Pass:
        try:
            if self._procedure.parser == "robust":
                verdict = read_verdict(reply, constrained=self._asker.constrained)
            else:
                refuse_unasked(reply)
                verdict = OverlapVerdict(in_range(first_number(reply.text)))
        except ParseFailure as failure:
            return Pass(order=order, problem=str(failure), raw=reply.text)
        return Pass(order=order, raw=reply.text, **asdict(verdict))


def open_reasoned(
    settings: Settings, log: Path | None, procedure: Procedure = SWAPPED
) -> ReasonedJudge:
    """The reasoner that the settings name, judging each pair in both orders unless told otherwise.

    Raises:
        AffectError: the reasoner cannot be opened, or the log cannot be read.
    """
    return ReasonedJudge(open_asker(settings, log), procedure)


open_first_number = partial(open_reasoned, procedure=FIRST_NUMBER)
"""The same reasoner asked once and read as the official code did; for comparison only."""


def open_asker(settings: Settings, log: Path | None) -> Asker:
    """What asks the reasoner that the settings name; its replies are kept in `log`.

    Raises:
        AffectError: the reasoner cannot be opened, or the log cannot be read.
    """
    return Asker(open_reasoner(settings), ReplyLog(log), settings.batch_size)


def _replies(question: OverlapQuestion, words: Replies) -> tuple[str, ...]:
    """The raw replies that the words of a label question were read from."""
    texts = (question.reference, question.candidate) if question.aspect == "labels" else ()
    return tuple(words[text].text for text in texts if text in words)
