"""A reasoner without a model: the same prompt always gets the same made-up answer."""

import hashlib
import json
import math
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from affect_llm.config import Settings
from affect_llm.prompting.calibration import Calibration, softmax
from affect_llm.reasoners.reasoner import Capability
from affect_llm.reasoners.spec import FAKE
from affect_llm.types import Completion, Prompt, Usage

_CHARS_PER_TOKEN = 4
"""About what English text has per token."""
_CUE_ID = re.compile(r"\b[A-Z]\d+\b")


class FakeReasoner:
    """Answers from a hash of the prompt; obeys its schema and labels and cites its cues.

    It says nothing about emotion: it stands in for a model in tests, in documentation and where
    nothing but the base package is installed. A "token" is four characters.
    """

    name = FAKE.name
    capabilities: frozenset[Capability] = frozenset({"label_logprobs", "constrained", "writes"})
    calibration: Calibration | None = None
    context_tokens = 1_000_000  # more than any prompt has: nothing is ever too long for it
    batch_size: int | None = None
    media_tracks: tuple[str, ...] = ()

    def count_tokens(self, text: str) -> int:
        """A quarter of the characters, rounded up."""
        return math.ceil(len(text) / _CHARS_PER_TOKEN)

    def complete(self, prompts: Sequence[Prompt], *, max_new_tokens: int) -> list[Completion]:
        """One made-up completion per prompt."""
        return [self._answer(prompt, max_new_tokens) for prompt in prompts]

    def _answer(self, prompt: Prompt, max_new_tokens: int) -> Completion:
        chat = "\n".join(message.content for message in prompt.messages)
        parts = [prompt.id, prompt.version, chat, prompt.answer_schema, prompt.labels]
        rng = random.Random(hashlib.sha256(json.dumps(parts).encode()).digest())
        # Spread widely enough that one label usually stands out, as with a model.
        logits = {label: rng.gauss(0, 2) for label in prompt.labels}
        logprobs = {k: math.log(p) for k, p in softmax(logits).items()} if logits else {}
        text = _text(prompt, chat, logprobs, rng)
        room = max_new_tokens * _CHARS_PER_TOKEN
        return Completion(
            text=text[:room],
            label_logprobs=logprobs or None,
            usage=Usage(
                prompt_tokens=self.count_tokens(chat),
                completion_tokens=self.count_tokens(text[:room]),
            ),
            finish="length" if len(text) > room else "stop",
            model="fake@1#000000000000",
        )


def open_fake(settings: Settings) -> FakeReasoner:
    """The fake; no setting changes it."""
    return FakeReasoner()


def _text(prompt: Prompt, chat: str, logprobs: dict[str, float], rng: random.Random) -> str:
    top = max(logprobs, key=lambda label: logprobs[label]) if logprobs else None
    sentence = f"The cues suggest {top or 'little'}."
    if prompt.answer_schema is None:
        return f'{prompt.label_prefix}{top}"}}' if top else sentence
    mentioned = set(_CUE_ID.findall(chat))

    def choose(values: list[Any]) -> Any:
        words = [value for value in values if isinstance(value, str)]
        if top in words and set(words) == set(prompt.labels):
            return top
        cited = [word for word in words if word in mentioned]
        return rng.choice(cited or values)

    value = _SchemaInstance(rng, choose, sentence).draw(prompt.answer_schema)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _SchemaInstance:
    """Draws values for the parts of a schema.

    It understands what the answers' schemas are made of: const, enum, anyOf (first branch), and the
    types object, array, string, number and null with their bounds; an array of `prefixItems` has
    exactly those. Of an enum `choose` picks a value, and free strings say `sentence`.
    """

    rng: random.Random
    choose: Callable[[list[Any]], Any]
    sentence: str

    def draw(self, schema: Mapping[str, Any]) -> Any:
        match schema:
            case {"const": value}:
                return value
            case {"enum": values}:
                return self.choose(list(values))
            case {"anyOf": [first, *_]}:
                return self.draw(first)
            case {"type": "object"}:
                parts = schema.get("properties", {})
                return {name: self.draw(part) for name, part in parts.items()}
            case {"type": "array", "prefixItems": parts}:
                return [self.draw(part) for part in parts]
            case {"type": "array"}:
                # At most two more than it has to have, so that made-up answers stay short.
                least = schema.get("minItems", 0)
                most = min(schema.get("maxItems", least + 2), least + 2)
                count = self.rng.randint(max(least, min(1, most)), most)
                drawn = [self.draw(schema.get("items", {})) for _ in range(count)]
                return list({repr(item): item for item in drawn}.values()) or drawn
            case {"type": "string", "pattern": _}:
                return "unsure"  # the answers' patterns ask for lower-case words
            case {"type": "string"}:
                text = self.sentence[: schema.get("maxLength", len(self.sentence))]
                return text.ljust(schema.get("minLength", 0), ".")
            case {"type": "number"}:
                low: float = schema.get("minimum", 0)
                high: float = schema.get("maximum", low + 1)
                step: float = schema.get("multipleOf", 0.01)
                # Six digits after the point take away what binary numbers add to the steps.
                return round(round(self.rng.uniform(low, high) / step) * step, 6)
        return None
