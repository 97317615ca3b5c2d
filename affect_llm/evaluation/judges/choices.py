"""A reply that names one of two places → that place, or a refusal."""

import re
import unicodedata

from affect_llm.errors import ParseFailure
from affect_llm.evaluation.judges.replies import Reply
from affect_llm.evaluation.judges.verdicts import json_object, refuse_unasked
from affect_llm.metrics.preference import Place

_PLACES: dict[str, Place] = {"1": "first", "2": "second"}


def preference_schema() -> dict[str, object]:
    """The schema of a choice; the reason comes first."""
    return {
        "type": "object",
        "properties": {
            "reason": {"type": "string", "maxLength": 240},
            "choice": {"enum": [1, 2]},
        },
        "required": ["reason", "choice"],
        "additionalProperties": False,
    }


def read_choice(reply: Reply, *, constrained: bool) -> Place:
    """The place that a reply names: the JSON asked for, or the only 1 or 2 in it.

    Raises:
        ParseFailure: neither, or both; the message says why.
    """
    refuse_unasked(reply)
    answer = json_object(reply.text)
    if answer is None and constrained:
        raise ParseFailure("the answer is not whole")
    said = reply.text if answer is None else str(answer.get("choice", ""))
    found = set(re.findall(r"(?<![\d.])[12](?![\d.]*\d)", unicodedata.normalize("NFKC", said)))
    if len(found) != 1:
        raise ParseFailure("no choice in the reply" if not found else "both places are named")
    return _PLACES[found.pop()]
