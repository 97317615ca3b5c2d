"""How a reasoner is asked: at once where it can write, in steps where it chooses."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from affect_llm.errors import CapabilityError, ParseFailure
from affect_llm.prompting.choice import choice_prompt, outline_prompt
from affect_llm.prompting.result import distribution, parse_answer
from affect_llm.prompting.salience import shown_sheet
from affect_llm.reasoners.reasoner import Reasoner
from affect_llm.types import Completion, CueSheet, Prompt, Usage

Answered = tuple[Prompt, Completion]
"""A completion with the prompt whose schema it has to follow."""


def ask(
    reasoner: Reasoner,
    questions: Sequence[tuple[Prompt, CueSheet]],
    *,
    max_new_tokens: int,
    choosing: bool = False,
) -> list[Answered]:
    """One answer per (prompt, the sheet it was made from), in order.

    A reasoner that scores labels but does not "write" says first how probable each label is; the
    most probable one after calibration is fixed, then its verdicts are asked for, then its
    sentences. One in this process takes all steps with one batch before the next, because it
    remembers what it has read of the last one (`prompt_reader`). A beginning that cannot be read
    is the answer as it stands, and stays unparsed.

    Args:
        reasoner: who answers.
        questions: what is asked.
        max_new_tokens: of one answer.
        choosing: have one that writes choose its sentences too, because prompts hide cues.

    Raises:
        CapabilityError: a reasoner without label probabilities is to choose.
    """
    if choosing or _chooses(reasoner):
        size = reasoner.batch_size or max(len(questions), 1)
        batches = (questions[n : n + size] for n in range(0, len(questions), size))
        return [a for batch in batches for a in _in_steps(reasoner, batch, max_new_tokens)]
    prompts = [prompt for prompt, _ in questions]
    said = reasoner.complete(prompts, max_new_tokens=max_new_tokens)
    return list(zip(prompts, said, strict=True))


def _chooses(reasoner: Reasoner) -> bool:
    can = reasoner.capabilities
    return "writes" not in can and "label_logprobs" in can


def _in_steps(
    reasoner: Reasoner, questions: Sequence[tuple[Prompt, CueSheet]], max_new_tokens: int
) -> list[Answered]:
    prompts = [prompt for prompt, _ in questions]
    scored = reasoner.complete(prompts, max_new_tokens=1)
    asked = [
        outline_prompt(prompt, _label(reasoner, prompt, sheet, score))
        for (prompt, sheet), score in zip(questions, scored, strict=True)
    ]
    outlines = reasoner.complete(asked, max_new_tokens=max_new_tokens)
    begun = [_joined(pair) for pair in zip(scored, outlines, strict=True)]
    answered: list[Answered] = list(zip(prompts, begun, strict=True))
    choices = {
        n: choice_prompt(prompts[n], outline, shown_sheet(questions[n][1]))
        for n, (question, said) in enumerate(zip(asked, begun, strict=True))
        if (outline := _read(said, question)) is not None
    }
    chosen = reasoner.complete(list(choices.values()), max_new_tokens=max_new_tokens)
    for (n, prompt), completion in zip(choices.items(), chosen, strict=True):
        whole = replace(prompt, labels=prompts[n].labels)
        answered[n] = (whole, _joined((begun[n], completion)))
    return answered


def _label(reasoner: Reasoner, prompt: Prompt, sheet: CueSheet, score: Completion) -> str:
    probable = distribution(score, prompt, sheet, reasoner.calibration)
    if probable is None:
        raise CapabilityError(f"The reasoner '{reasoner.name}' gives no label probabilities.")
    return max(probable, key=lambda label: probable[label])


def _read(outline: Completion, question: Prompt) -> dict[str, Any] | None:
    try:
        return parse_answer(outline, question)
    except ParseFailure:
        return None


def _joined(steps: tuple[Completion, Completion]) -> Completion:
    """The second step's text with the label probabilities of the first."""
    first, second = steps
    usage = Usage(
        prompt_tokens=first.usage.prompt_tokens + second.usage.prompt_tokens,
        completion_tokens=first.usage.completion_tokens + second.usage.completion_tokens,
    )
    return second.model_copy(update={"label_logprobs": first.label_logprobs, "usage": usage})
