"""A value that follows a JSON Schema, chosen by a seeded generator."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

Schema = Mapping[str, Any]
_PLAIN_WORD = "unsure"
"""Stands for every string with a pattern: the answers' patterns ask for lower-case words."""


@dataclass(frozen=True, slots=True)
class SchemaInstance:
    """Draws values for the parts of a schema.

    Understands const, enum, anyOf/oneOf (first branch), local $ref, and the types object, array,
    string, number, integer, boolean and null with their bounds; an array of `prefixItems` has
    exactly those.

    Args:
        root: the whole schema, where `$ref` points into.
        rng: decides between what is allowed.
        choose: picks one of an enum's values.
        sentence: the text of free strings.
    """

    root: Schema
    rng: random.Random
    choose: Callable[[list[Any]], Any]
    sentence: str

    def draw(self, schema: Schema) -> Any:
        """A value that follows `schema`."""
        if "$ref" in schema:
            return self.draw(self._resolve(str(schema["$ref"])))
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.choose(list(schema["enum"]))
        branches = schema.get("anyOf") or schema.get("oneOf")
        return self.draw(branches[0]) if branches else self._typed(schema)

    def _typed(self, schema: Schema) -> Any:
        kind = schema.get("type", "null")
        kind = kind[0] if isinstance(kind, list) else kind
        drawers: dict[str, Callable[[Schema], Any]] = {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "number": self._number,
            "integer": lambda part: int(self._number(part)),
            "boolean": lambda _: self.rng.random() < 0.5,
        }
        return drawers[kind](schema) if kind in drawers else None

    def _object(self, schema: Schema) -> dict[str, Any]:
        return {name: self.draw(part) for name, part in schema.get("properties", {}).items()}

    def _array(self, schema: Schema) -> list[Any]:
        if "prefixItems" in schema:
            return [self.draw(part) for part in schema["prefixItems"]]
        least = schema.get("minItems", 0)
        most = min(schema.get("maxItems", least + 2), least + 2)
        count = self.rng.randint(max(least, min(1, most)), most)
        drawn = [self.draw(schema.get("items", {})) for _ in range(count)]
        return list({repr(item): item for item in drawn}.values()) or drawn

    def _string(self, schema: Schema) -> str:
        if "pattern" in schema:
            return _PLAIN_WORD
        text = self.sentence[: schema.get("maxLength", len(self.sentence))]
        return text.ljust(schema.get("minLength", 0), ".")

    def _number(self, schema: Schema) -> float:
        low: float = schema.get("minimum", 0)
        high: float = schema.get("maximum", low + 1)
        step: float = schema.get("multipleOf", 0.01)
        return round(round(self.rng.uniform(low, high) / step) * step, 6)

    def _resolve(self, reference: str) -> Schema:
        part: Any = self.root
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
        return cast(Schema, part)
