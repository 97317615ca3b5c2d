"""Does a server really obey a schema? Some take one and say nothing of ignoring it."""

import json
import re

from affect_llm.reasoners.reasoner import Reasoner
from affect_llm.types import Message, Prompt

_PROBE = {"alpha", "beta"}
_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"probe": {"type": "string", "enum": sorted(_PROBE)}},
    "required": ["probe"],
    "additionalProperties": False,
}


def obeys_schema(reasoner: Reasoner) -> bool:
    """Whether one tiny answer keeps to its schema, asked for with words that do not name it.

    Blanks do not count, also where they go on until the answer is cut: a grammar that allows
    blanks cannot stop a weak model from writing them.
    """
    messages = (Message(role="user", content="Say something else, as JSON."),)
    # Ten tokens would do; the rest is for blanks, which a grammar may allow.
    [answer] = reasoner.complete(
        [Prompt("probe", 1, messages, answer_schema=_SCHEMA)], max_new_tokens=64
    )
    text = re.sub(r"\s", "", answer.text)
    if answer.finish == "length" and not text.endswith("}"):
        text += "}"
    try:
        return any(json.loads(text) == {"probe": value} for value in _PROBE)
    except (ValueError, RecursionError):
        return False
