"""How a reasoner is asked: at once where it can write, in two steps where it chooses."""

from collections.abc import Sequence
from typing import Any

from affect_llm.errors import ParseFailure
from affect_llm.prompting.choosing import choice_prompt, outline_prompt
from affect_llm.prompting.result import parse_answer
from affect_llm.reasoners.reasoner import Reasoner
from affect_llm.types import Completion, CueSheet, Prompt, Usage

Answered = tuple[Prompt, Completion]
"""A completion with the prompt whose schema it has to follow."""


def ask(
    reasoner: Reasoner, questions: Sequence[tuple[Prompt, CueSheet]], *, max_new_tokens: int
) -> list[Answered]:
    """One answer per (prompt, the sheet it shows), in order.

    A reasoner without the capability "writes" fills in the outline first and then chooses its
    sentences; an outline that cannot be read is the answer as it stands, and stays unparsed.
    """
    prompts = [prompt for prompt, _ in questions]
    if "writes" in reasoner.capabilities:
        said = reasoner.complete(prompts, max_new_tokens=max_new_tokens)
        return list(zip(prompts, said, strict=True))
    asked = [outline_prompt(prompt) for prompt in prompts]
    outlines = reasoner.complete(asked, max_new_tokens=max_new_tokens)
    answered: dict[int, Answered] = dict(enumerate(zip(prompts, outlines, strict=True)))
    choices = {
        n: choice_prompt(prompts[n], outline, questions[n][1])
        for n, (question, said) in enumerate(zip(asked, outlines, strict=True))
        if (outline := _read(said, question)) is not None
    }
    chosen = reasoner.complete(list(choices.values()), max_new_tokens=max_new_tokens)
    for (n, prompt), completion in zip(choices.items(), chosen, strict=True):
        answered[n] = (prompt, _joined(answered[n][1], completion))
    return [answered[n] for n in range(len(prompts))]


def _read(outline: Completion, question: Prompt) -> dict[str, Any] | None:
    try:
        return parse_answer(outline, question)
    except ParseFailure:
        return None


def _joined(outline: Completion, chosen: Completion) -> Completion:
    """The whole answer, with the label probabilities of the first step."""
    usage = Usage(
        prompt_tokens=outline.usage.prompt_tokens + chosen.usage.prompt_tokens,
        completion_tokens=outline.usage.completion_tokens + chosen.usage.completion_tokens,
    )
    return chosen.model_copy(update={"label_logprobs": outline.label_logprobs, "usage": usage})
