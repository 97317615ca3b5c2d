"""What a reasoner said → `affect-llm/result@1`. The only place that does this."""

import json
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from jsonschema import Draft202012Validator

from affect_llm.errors import ParseFailure
from affect_llm.prompting.calibration import Calibration, log_scores, situations, softmax
from affect_llm.prompting.checker.check import check_all
from affect_llm.prompting.checker.rulings import counts
from affect_llm.prompting.explain.nouns import same
from affect_llm.types import (
    Completion,
    Conflict,
    CueSheet,
    Modality,
    Model,
    Prompt,
    Sentence,
    SupportCounts,
)

_NO_SENTENCES = SupportCounts(supported=0, contradicted=0, unsupported=0)
_NO_CONFLICT = Conflict(present=False)


class WrittenSentence(Model):
    """A sentence as a reasoner wrote it."""

    text: str
    cues: tuple[str, ...]


class ParsedAnswer(Model):
    """An answer in the schema `affect-llm/answer@1`, parsed."""

    label: str
    modalities: dict[Modality, str]
    valence: float
    arousal: float
    open_labels: tuple[str, ...]
    explanation: tuple[WrittenSentence, ...]


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """An answer after parsing, calibration and checking; the clip's own facts are added later.

    Args:
        label: the most probable label; None where the answer could not be read.
        distribution: calibrated probabilities over the label set, where the backend gives any.
        confidence: the probability of `label`.
    """

    label: str | None = None
    distribution: dict[str, float] | None = None
    confidence: float | None = None
    open_labels: tuple[str, ...] = ()
    valence: float | None = None
    arousal: float | None = None
    explanation: tuple[Sentence, ...] = ()
    support: SupportCounts = _NO_SENTENCES
    modality_verdicts: dict[Modality, str] = field(default_factory=dict)
    conflict: Conflict = _NO_CONFLICT
    unparsed: str | None = None


def judge(
    completion: Completion, prompt: Prompt, sheet: CueSheet, calibration: Calibration | None
) -> CheckedAnswer:
    """Parse an answer against its prompt's schema, calibrate it and check every sentence.

    An answer that does not follow the schema stays unparsed: no label is made up for it, and
    label probabilities alone do not rescue it.
    """
    probable = distribution(completion, prompt, sheet, calibration)
    try:
        answer = ParsedAnswer.model_validate(parse_answer(completion, prompt))
    except ParseFailure as failure:
        return CheckedAnswer(unparsed=str(failure))
    drafts = [(written.text, written.cues) for written in answer.explanation]
    sentences = check_all(drafts, sheet, answer.modalities, answer.label)
    # Modalities disagree when their verdicts name different emotions, not merely other words.
    verdicts = answer.modalities
    pairs = list(combinations(verdicts, 2))
    apart = [(a, b) for a, b in pairs if not same(verdicts[a], verdicts[b])]
    between = tuple(m for m in verdicts if any(m in pair for pair in apart))
    score = len(apart) / len(pairs) if pairs else None
    return CheckedAnswer(
        label=answer.label,
        distribution=probable,
        confidence=None if probable is None else probable[answer.label],
        open_labels=tuple(dict.fromkeys(answer.open_labels)),
        valence=answer.valence,
        arousal=answer.arousal,
        explanation=sentences,
        support=counts(sentences),
        modality_verdicts=answer.modalities,
        conflict=Conflict(present=bool(apart), between=between, score=score),
    )


def parse_answer(completion: Completion, prompt: Prompt) -> dict[str, Any]:
    """The JSON object in `completion`, exactly as the prompt's schema has it.

    Raises:
        ParseFailure: not JSON, or not of the schema; the message says where.
    """
    try:
        answer: dict[str, Any] = json.loads(completion.text)
    except ValueError as error:
        cut = " It was cut at the token limit." if completion.finish == "length" else ""
        raise ParseFailure(f"The answer is not JSON ({error}).{cut}") from error
    problems = Draft202012Validator(prompt.answer_schema or {}).iter_errors(answer)
    if (problem := next(iter(problems), None)) is not None:
        raise ParseFailure(f"The answer breaks its schema at {problem.json_path}.")
    return answer


def distribution(
    completion: Completion, prompt: Prompt, sheet: CueSheet, calibration: Calibration | None
) -> dict[str, float] | None:
    """Calibrated probabilities of the prompt's labels; None where the backend gives none."""
    if completion.label_logprobs is None:
        return None
    if calibration is None:
        return softmax(completion.label_logprobs)
    keys = situations(frozenset(cue.modality for cue in sheet.cues), prompt.labels)
    evidence = log_scores(sheet, prompt.labels, prompt.hidden)
    return calibration.apply(completion.label_logprobs, keys, evidence)
