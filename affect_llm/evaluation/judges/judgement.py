"""What a judge said of one description: `affect-llm/judgement@1`."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from affect_llm.types import Model

Written = Annotated[str, AfterValidator(lambda text: text.encode("utf-8", "replace").decode())]
"""A string that came from a model or a stranger's file, and will be stored.

Halves of characters, which JSON can spell but UTF-8 cannot, become "?".
"""
JUDGEMENT_SCHEMA: Literal["affect-llm/judgement@1"] = "affect-llm/judgement@1"
Aspect = Literal["clues", "labels"]
"""What is compared: the evidence that two descriptions tell, or the emotions that they name."""
ASPECTS: tuple[Aspect, ...] = ("clues", "labels")
Order = Literal["reference first", "candidate first"]
LOWEST, HIGHEST = 0.0, 10.0
"""The range of every score of overlap, as in EMER."""


class JudgeCard(Model):
    """Everything that a score depends on besides the two texts.

    Args:
        name: in the registry of judges.
        version: rises when the judge's own procedure changes.
        model: `name@revision#hash` of what judged; for rules a digest of their tables.
        prompts: `id@version#sha256` of each prompt, in the order of their use.
        parser: how verdicts were read.
        orders: how often each pair was judged, the texts in changed places.
    """

    name: str
    version: int
    model: str
    prompts: tuple[str, ...] = ()
    parser: str
    orders: int = Field(ge=1)

    @property
    def key(self) -> str:
        """Everything on the card in one line; scores compare only where it is the same."""
        prompts = ",".join(self.prompts) or "no prompt"
        return f"{self.name}@{self.version} {self.model} {prompts} {self.parser} x{self.orders}"


class Pass(Model):
    """One reading of a pair by a reasoner.

    Args:
        order: which text stood first.
        score: 0 to 10; None where the verdict could not be read.
        matched: what the judge found in both texts.
        reason: in the judge's words; "" where it gave none.
        problem: why there is no score.
        raw: the reply as it came.
    """

    order: Order
    score: float | None = Field(default=None, ge=LOWEST, le=HIGHEST)
    matched: tuple[Written, ...] = ()
    reason: Written = ""
    problem: str | None = None
    raw: Written


class Judgement(Model):
    """`affect-llm/judgement@1`: how far a candidate overlaps with its reference.

    Args:
        id: of the clip.
        score: mean of the passes, 0 to 10; None where one of them gave none, with a `problem`.
        note: why a score was given without looking further ("the candidate is empty").
        matched: what both texts have; `missed` only the reference, `added` only the candidate.
        passes: readings of a reasoner; empty for rules.
        replies: raw replies of earlier steps, such as the words read from each text.
        texts: sha256 of reference and candidate.
    """

    schema_version: Literal["affect-llm/judgement@1"] = JUDGEMENT_SCHEMA
    id: str
    aspect: Aspect
    score: float | None = Field(default=None, ge=LOWEST, le=HIGHEST)
    problem: str | None = None
    note: str | None = None
    matched: tuple[Written, ...] = ()
    missed: tuple[Written, ...] = ()
    added: tuple[Written, ...] = ()
    passes: tuple[Pass, ...] = ()
    replies: tuple[Written, ...] = ()
    texts: tuple[str, str]
    judge: JudgeCard
