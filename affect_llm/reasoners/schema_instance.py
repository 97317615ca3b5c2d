"""A value that follows a JSON Schema, chosen by a seeded generator."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
_PLAIN_WORD = "unsure"
"""Stands for every string with a pattern: the answers' patterns ask for lower-case words."""


@dataclass(frozen=True, slots=True)
class SchemaInstance:
    """Draws values for the parts of a schema.

    It understands const, enum, anyOf/oneOf (first branch), local $ref, and the types object, array,
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
        match schema:
            case {"$ref": reference}:
                return self.draw(self._resolve(reference))
            case {"const": value}:
                return value
            case {"enum": values}:
                return self.choose(list(values))
            case {"anyOf": [first, *_]} | {"oneOf": [first, *_]}:
                return self.draw(first)
        kind = schema.get("type", "null")
        match kind[0] if isinstance(kind, list) else kind:
            case "object":
                parts = schema.get("properties", {})
                return {name: self.draw(part) for name, part in parts.items()}
            case "array":
                return self._array(schema)
            case "string":
                return self._string(schema)
            case "number":
                return self._number(schema)
            case "integer":
                return int(self._number(schema))
            case "boolean":
                return self.rng.random() < 0.5
        return None

    def _array(self, schema: Schema) -> list[Any]:
        if "prefixItems" in schema:
            return [self.draw(part) for part in schema["prefixItems"]]
        # At most two more than it has to have, so that made-up answers stay short.
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

    def _resolve(self, reference: str) -> Any:
        part: Any = self.root
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
        return part
