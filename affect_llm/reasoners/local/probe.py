"""A first question that shows whether a model, on this machine, really obeys a schema."""

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
# Two forks: one that is taken by label probabilities, one that is left to greedy decoding.
_POSSIBLE = [{"probe": p, "next": n} for p in ("alpha", "beta") for n in ("gamma", "delta")]


def probe_constraining(reasoner: Reasoner) -> None:
    """Have one tiny answer written under a schema with two forks.

    Raises:
        CapabilityError: the model does not run, or its answer does not follow the schema.
    """
    prompt = Prompt(
        id="probe",
        version=1,
        messages=(Message(role="user", content="Say something else."),),
        answer_schema=_SCHEMA,
        labels=("alpha", "beta"),
        label_prefix='{"probe":"',
    )
    try:
        # 64 tokens are many times what the longest of the four answers takes.
        text = reasoner.complete([prompt], max_new_tokens=64)[0].text
    except (RuntimeError, NotImplementedError, TypeError) as error:
        first = str(error).strip().partition("\n")[0]
        raise CapabilityError(
            f"The model behind '{reasoner.name}' does not run here ({first}). Choose another "
            "dtype, quantisation or device, or a plain decoder-only checkpoint."
        ) from error
    try:
        answer = json.loads(text)
    except json.JSONDecodeError:
        answer = None
    if answer not in _POSSIBLE:
        raise CapabilityError(
            f"The model behind '{reasoner.name}' does not obey an answer schema here: asked for "
            f"a fixed form it wrote {text!r}. Choose another checkpoint."
        )
