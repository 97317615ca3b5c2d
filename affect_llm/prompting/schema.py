"""The answer's shape, `affect-llm/answer@1`, as a JSON Schema for one prompt.

Every reasoner answers in it, from the embedded one to a served 70B. The label and the cue ids are
closed sets, so an answer cannot name a label that was not offered or cite a cue that is not there.
"""

from collections.abc import Sequence

ANSWER_SCHEMA = "affect-llm/answer@1"
LABEL_PREFIX = '{"label":"'
MAX_SENTENCES = 6
_MAX_CHARS = 240
_TENTHS = [round(n / 10, 1) for n in range(-10, 11)]
"""A closed list, because a grammar for numbers sets no end to their digits."""


def answer_schema(
    labels: Sequence[str], cue_ids: Sequence[str], modalities: Sequence[str]
) -> dict[str, object]:
    """The schema for `labels`, the ids that may be cited and the modalities that have cues.

    Without a cue there is nothing to cite, and the explanation is empty.
    """
    verdicts: dict[str, object] = {m: {"enum": list(labels)} for m in modalities}
    sentence = {
        "type": "object",
        "properties": {
            "text": {"type": "string", "minLength": 8, "maxLength": _MAX_CHARS},
            "cues": {
                "type": "array",
                "items": {"enum": list(cue_ids)},
                "minItems": 1,
                "maxItems": 4,
            },
        },
        "required": ["text", "cues"],
        "additionalProperties": False,
    }
    properties: dict[str, object] = {
        "label": {"enum": list(labels)},
        "modalities": _object(verdicts),
        "valence": {"enum": _TENTHS},
        "arousal": {"enum": _TENTHS},
        "open_labels": {
            "type": "array",
            "items": {"type": "string", "pattern": "^[a-z][a-z -]{1,23}$"},
            "maxItems": 4,
        },
        "explanation": {
            "type": "array",
            "items": sentence if cue_ids else False,
            "minItems": 1 if cue_ids else 0,
            "maxItems": MAX_SENTENCES if cue_ids else 0,
        },
    }
    return _object(properties)


def _object(properties: dict[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
