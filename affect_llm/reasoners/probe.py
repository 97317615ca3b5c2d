"""Does this model, on this machine, really obey a schema? Asked once, when it is loaded."""

import json

from affect_llm.errors import CapabilityError
from affect_llm.reasoners.reasoner import Reasoner
from affect_llm.types import Message, Prompt

_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "probe": {"enum": ["alpha", "beta"]},
        "next": {"enum": ["gamma", "delta"]},
    },
    "required": ["probe", "next"],
    "additionalProperties": False,
}
_POSSIBLE = [{"probe": p, "next": n} for p in ("alpha", "beta") for n in ("gamma", "delta")]


def probe_constraining(reasoner: Reasoner) -> None:
    """Have one tiny answer written under a schema with two forks.

    Raises:
        CapabilityError: the answer does not follow the schema.
    """
    prompt = Prompt(
        id="probe",
        version=1,
        messages=(Message(role="user", content="Say something else."),),
        answer_schema=_SCHEMA,
        labels=("alpha", "beta"),
        label_prefix='{"probe":"',
    )
    text = reasoner.complete([prompt], max_new_tokens=64)[0].text
    try:
        answer = json.loads(text)
    except json.JSONDecodeError:
        answer = None
    if answer not in _POSSIBLE:
        raise CapabilityError(
            f"The model behind '{reasoner.name}' does not obey an answer schema here: asked for "
            f"a fixed form it wrote {text!r}. Choose another checkpoint."
        )
