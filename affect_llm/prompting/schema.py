"""The answer's shape, `affect-llm/answer@1`, as a JSON Schema for one prompt.

Every reasoner answers in it, from the embedded one to a served 70B. The label and the cue ids are
closed sets, so an answer cannot name a label that was not offered or cite a cue that is not there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from affect_llm.types import Prompt

LABEL_PREFIX = '{"label":"'
"""The beginning of every answer: what comes next is the label, before anything was generated."""
MAX_SENTENCES = 6
"""Room for one sentence more than our own explanations have (`explain.write.MAX_SENTENCES`)."""
_MAX_CHARS = 240
"""About forty words: a sentence, and no paragraph that a grammar would let run on."""
_TENTHS = [round(n / 10, 1) for n in range(-10, 11)]
"""A closed list, because a grammar for numbers sets no end to their digits."""


def answer_schema(
    labels: Sequence[str], cue_ids: Sequence[str], modalities: Sequence[str]
) -> dict[str, object]:
    """The schema of an answer about `labels` that may cite `cue_ids`, for modalities with cues.

    Without a cue there is nothing to cite, and the explanation is empty.
    """
    properties: dict[str, object] = {
        "label": {"enum": list(labels)},
        "modalities": exact_object({m: {"enum": list(labels)} for m in modalities}),
        "valence": {"enum": _TENTHS},
        "arousal": {"enum": _TENTHS},
        "open_labels": {
            "type": "array",
            # A word or two: "secondhand embarrassment" fills its 24 characters.
            "items": {"type": "string", "pattern": "^[a-z][a-z -]{1,23}$"},
            "maxItems": 4,
        },
        "explanation": {
            "type": "array",
            "items": sentence(cue_ids) if cue_ids else False,
            "minItems": 1 if cue_ids else 0,
            "maxItems": MAX_SENTENCES if cue_ids else 0,
        },
    }
    return exact_object(properties)


def sentence(cue_ids: Sequence[str]) -> dict[str, object]:
    """The schema of a sentence that cites one to four of `cue_ids`."""
    cues = {"type": "array", "items": {"enum": list(cue_ids)}, "minItems": 1, "maxItems": 4}
    text = {"type": "string", "minLength": 8, "maxLength": _MAX_CHARS}
    return exact_object({"text": text, "cues": cues})


def one_of_each(groups: Iterable[Iterable[tuple[str, Sequence[str]]]]) -> dict[str, object]:
    """The schema of a list that takes one (text, cue ids) of each group, in order."""
    choices = [{"enum": [{"text": text, "cues": list(ids)} for text, ids in g]} for g in groups]
    return {
        "type": "array",
        "prefixItems": choices,
        "items": False,
        "minItems": len(choices),
        "maxItems": len(choices),
    }


def labelled_prompt(prompt: Prompt, properties: Mapping[str, object]) -> Prompt:
    """The prompt of another schema with these properties, in which the label is fixed already."""
    return replace(prompt, answer_schema=exact_object(properties), labels=(), label_prefix="")


def exact_object(properties: Mapping[str, object]) -> dict[str, object]:
    """The schema of an object that has these properties, all of them and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
