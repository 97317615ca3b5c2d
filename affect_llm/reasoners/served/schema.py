"""The ways to ask a server for an answer that follows a schema, from the strictest down."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from affect_llm.types import Message

Form = Literal["schema", "plain schema", "json object", "words"]
"""A strict JSON Schema; one without keywords that some servers refuse; any JSON object, with the
schema in words; the schema in words alone."""

FORMS: tuple[Form, ...] = ("schema", "plain schema", "json object", "words")
CONSTRAINED: frozenset[Form] = frozenset({"schema", "plain schema"})
_OFTEN_REFUSED = frozenset({"minLength", "maxLength", "pattern", "minItems", "maxItems"})
_JSON_TYPES = {str: "string", bool: "boolean", int: "number", float: "number", type(None): "null"}


def response_format(schema: Mapping[str, object], form: Form) -> dict[str, object] | None:
    """The request's `response_format`; None where only words ask."""
    if form == "words":
        return None
    if form == "json object":
        return {"type": "json_object"}
    asked = plain_schema(schema) if form == "plain schema" else dict(schema)
    named = {"name": "answer", "strict": True, "schema": asked}
    return {"type": "json_schema", "json_schema": named}


def with_schema_in_words(
    messages: tuple[Message, ...], schema: Mapping[str, object]
) -> tuple[Message, ...]:
    """The chat with a first message that shows the schema."""
    text = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    asked = (
        "Answer with one JSON object in compact form and nothing else: no other words, no code "
        f"fence. It follows this JSON Schema: {text}"
    )
    first, *rest = messages
    if first.role == "system":
        return (Message(role="system", content=f"{first.content}\n\n{asked}"), *rest)
    return (Message(role="system", content=asked), *messages)


def plain_schema(schema: Mapping[str, object]) -> dict[str, Any]:
    """The schema without lengths and patterns, every closed list with the type of its values.

    It allows a little more than the whole one, which the answer is checked against afterwards.
    """
    plain = _plain(schema)
    assert isinstance(plain, dict)
    return plain


def _plain(part: Any) -> Any:
    if isinstance(part, list):
        return [_plain(item) for item in part]
    if not isinstance(part, Mapping):
        return part
    kept = {key: value for key, value in part.items() if key not in _OFTEN_REFUSED}
    if "const" in kept:
        kept["enum"] = [kept.pop("const")]
    if "enum" in kept:
        kinds = {_JSON_TYPES.get(type(value)) for value in kept["enum"]}
        known = len(kinds) == 1 and None not in kinds
        return {**({"type": kinds.pop()} if known else {}), **kept}
    if isinstance(kept.get("properties"), Mapping):
        named = {name: _plain(value) for name, value in kept["properties"].items()}
        return {**{k: _plain(v) for k, v in kept.items()}, "properties": named}
    return {key: _plain(value) for key, value in kept.items()}
