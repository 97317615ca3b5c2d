"""Prompts in the shape that the pipeline sends."""

from pathlib import Path

from affect_llm.config import Settings
from affect_llm.types import Message, Prompt

LABELS = ("joy", "joyful", "disgust", "sadness")
PREFIX = '{"label":"'


def answer_schema(labels: tuple[str, ...], cue_ids: tuple[str, ...]) -> dict[str, object]:
    number = {"type": "number", "minimum": -1, "maximum": 1, "multipleOf": 0.25}
    verdict = {"enum": [*labels, "absent"]}
    sentence = {
        "type": "object",
        "properties": {
            "text": {"type": "string", "maxLength": 40},
            "cues": {"type": "array", "items": {"enum": list(cue_ids)}, "minItems": 1},
        },
        "required": ["text", "cues"],
        "additionalProperties": False,
    }
    sentence["properties"]["cues"]["maxItems"] = 3  # type: ignore[index]
    modalities = {
        "type": "object",
        "properties": {"text": verdict, "audio": verdict},
        "required": ["text", "audio"],
        "additionalProperties": False,
    }
    properties: dict[str, object] = {
        "label": {"enum": list(labels)},
        "valence": number,
        "arousal": number,
        "modalities": modalities,
        "explanation": {"type": "array", "items": sentence, "minItems": 1, "maxItems": 3},
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def prompt(
    text: str,
    *,
    labels: tuple[str, ...] = LABELS,
    cue_ids: tuple[str, ...] = ("F1", "F2", "V1"),
    constrained: bool = True,
) -> Prompt:
    return Prompt(
        id="test",
        version=1,
        messages=(
            Message(role="system", content="Answer in JSON."),
            Message(role="user", content=text),
        ),
        answer_schema=answer_schema(labels, cue_ids) if constrained else None,
        labels=labels,
        label_prefix=PREFIX if labels else "",
    )


TEXTS = (
    "F1 lip corner puller marked",
    "V1 the pitch is high, +1.6 sd, and F2 the brow is lowered; the words are many more here",
    "the words: what a day",
    "F1",
    "sadness anger fear surprise " * 6,
)


def settings_for(folder: Path) -> Settings:
    return Settings(reasoner="transformers", model=str(folder), device="cpu", batch_size=4)
