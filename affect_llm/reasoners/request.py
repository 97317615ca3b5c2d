"""How a reasoner is asked: at once where it can write, in steps where it chooses."""

from collections.abc import Sequence
from dataclasses import replace

from affect_llm.errors import CapabilityError, ParseFailure
from affect_llm.prompting.choice import choice_prompt, outline_prompt
from affect_llm.prompting.result import distribution, parse_answer
from affect_llm.prompting.salience import shown_sheet
from affect_llm.reasoners.reasoner import Reasoner
from affect_llm.types import Completion, CueSheet, Prompt, Usage

Question = tuple[Prompt, CueSheet]
"""What is asked, and the sheet that it was made from."""
Answered = tuple[Prompt, Completion]
"""A completion with the prompt whose schema it has to follow."""


def ask(
    reasoner: Reasoner,
    questions: Sequence[Question],
    *,
    max_new_tokens: int,
    choosing: bool = False,
) -> list[Answered]:
    """One answer per question, in order.

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
    can = reasoner.capabilities
    if choosing or ("writes" not in can and "label_logprobs" in can):
        size = reasoner.batch_size or max(len(questions), 1)
        batches = (questions[n : n + size] for n in range(0, len(questions), size))
        return [a for batch in batches for a in _in_steps(reasoner, batch, max_new_tokens)]
    prompts = [prompt for prompt, _ in questions]
    completions = reasoner.complete(prompts, max_new_tokens=max_new_tokens)
    return list(zip(prompts, completions, strict=True))


def _in_steps(
    reasoner: Reasoner, questions: Sequence[Question], max_new_tokens: int
) -> list[Answered]:
    prompts = [prompt for prompt, _ in questions]
    # One token is enough: label probabilities come before anything is written.
    scored = reasoner.complete(prompts, max_new_tokens=1)
    outline_prompts = []
    for (prompt, sheet), score in zip(questions, scored, strict=True):
        probable = distribution(score, prompt, sheet, reasoner.calibration)
        if probable is None:
            raise CapabilityError(f"The reasoner '{reasoner.name}' gives no label probabilities.")
        outline_prompts.append(outline_prompt(prompt, max(probable, key=probable.__getitem__)))
    outlines = reasoner.complete(outline_prompts, max_new_tokens=max_new_tokens)
    beginnings = [_joined(score, outline) for score, outline in zip(scored, outlines, strict=True)]
    answered: list[Answered] = list(zip(prompts, beginnings, strict=True))
    choices = {}
    for n, (beginning, question) in enumerate(zip(beginnings, outline_prompts, strict=True)):
        try:
            outline = parse_answer(beginning, question)
        except ParseFailure:
            continue
        choices[n] = choice_prompt(prompts[n], outline, shown_sheet(questions[n][1]))
    endings = reasoner.complete(list(choices.values()), max_new_tokens=max_new_tokens)
    for (n, prompt), ending in zip(choices.items(), endings, strict=True):
        whole = replace(prompt, labels=prompts[n].labels)
        answered[n] = (whole, _joined(beginnings[n], ending))
    return answered


def _joined(first: Completion, second: Completion) -> Completion:
    """The second step's text with the label probabilities of the first."""
    usage = Usage(
        prompt_tokens=first.usage.prompt_tokens + second.usage.prompt_tokens,
        completion_tokens=first.usage.completion_tokens + second.usage.completion_tokens,
    )
    return second.model_copy(update={"label_logprobs": first.label_logprobs, "usage": usage})
