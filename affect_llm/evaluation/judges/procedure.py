"""How a reasoner is made to judge: which prompts, in which orders, read by which parser."""

from dataclasses import dataclass
from typing import Literal

from affect_llm.evaluation.judges.judge import OverlapQuestion
from affect_llm.evaluation.judges.judgement import Aspect, Order
from affect_llm.evaluation.judges.verdicts import VERDICT_SCHEMA
from affect_llm.prompting.cue_line import quote
from affect_llm.prompting.files import PromptFile, prompt_file
from affect_llm.types import Prompt

_ORDERS: tuple[Order, Order] = ("reference first", "candidate first")
WORDS = "judge_words"
"""The prompt that asks for the emotion words of one text, before label overlap is judged."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """A way of judging.

    Args:
        name: in the registry of judges, and `version` of this way.
        prompts: the prompt per aspect.
        swapped: whether each pair is judged in both orders and the scores averaged.
        parser: "robust" reads a verdict or refuses it; "first number" is the official one's.
    """

    name: str
    version: int
    prompts: dict[Aspect, str]
    swapped: bool
    parser: Literal["robust", "first number"]

    @property
    def orders(self) -> tuple[Order, ...]:
        """The orders in which a pair is judged."""
        return _ORDERS if self.swapped else _ORDERS[:1]

    def prompt(self, question: OverlapQuestion, order: Order) -> Prompt:
        """The prompt of one pass; both texts stand in it as quoted data."""
        file = prompt_file(self.prompts[question.aspect])
        texts = {"reference": quote(question.reference), "candidate": quote(question.candidate)}
        if not self.swapped:
            return prompt_of(file, texts, None)
        first, second = texts if order == "reference first" else reversed(texts)
        values = {"first_role": first, "first": texts[first]}
        values |= {"second_role": second, "second": texts[second]}
        return prompt_of(file, values, VERDICT_SCHEMA)


SWAPPED = Procedure(
    "reasoner", 1, {"clues": "judge_clues", "labels": "judge_labels"}, True, "robust"
)
FIRST_NUMBER = Procedure(
    "reasoner-first-number",
    1,
    {"clues": "judge_clues_plain", "labels": "judge_labels_plain"},
    False,
    "first number",
)


def prompt_of(
    file: PromptFile, values: dict[str, str], answer_schema: dict[str, object] | None
) -> Prompt:
    """A prompt file, filled; `values` must be quoted already."""
    return Prompt(
        id=file.id,
        version=file.version,
        messages=file.fill(values),
        answer_schema=answer_schema,
    )
