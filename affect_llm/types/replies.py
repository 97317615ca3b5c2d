"""The answer to a question about a clip: `affect-llm/reply@1`."""

from typing import Literal

from affect_llm.types.base import Model
from affect_llm.types.results import Sentence, SupportCounts

REPLY_SCHEMA: Literal["affect-llm/reply@1"] = "affect-llm/reply@1"


class Fact(Model):
    """Something that the answer for the clip itself says, in a sentence of ours.

    Args:
        id: as in the prompt ("A1"), where a model cites a fact and never words it; None for one
            that was put together for the question.
        about: verdict, confidence, distribution, modalities, missing, windows, affect, people,
            length, origin or nothing.
    """

    id: str | None = None
    about: str
    text: str


class Reply(Model):
    """`affect-llm/reply@1`: what the cues, and the answer for the clip, say to a question.

    Args:
        facts: of the answer for the clip; shown as they are.
        sentences: held against the cues they cite; one that does not hold is not shown as fact.
        answerable: whether anything is shown as fact.
        reasons: what the cues do not say; there may be some beside an answer to the rest.
        unparsed: why the model's answer could not be read; it was then left out.
        forgotten: earlier turns that the prompt had no room for.
        model: `name@revision#hash` of what answered; None where nothing had to be asked.
    """

    schema_version: Literal["affect-llm/reply@1"] = REPLY_SCHEMA
    clip_id: str
    clip_name: str
    question: str
    answerable: bool
    facts: tuple[Fact, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    support: SupportCounts
    reasons: tuple[str, ...] = ()
    unparsed: str | None = None
    forgotten: int = 0
    model: str | None = None
