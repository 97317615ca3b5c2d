"""What an OpenAI-compatible server understands, found out from what it refuses."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from affect_llm.types import Message, Prompt

Form = Literal["schema", "plain schema", "json object", "words"]
"""A strict JSON Schema; one without keywords that some servers refuse; any JSON object, with the
schema in words; the schema in words alone."""
FORMS: tuple[Form, ...] = ("schema", "plain schema", "json object", "words")
CONSTRAINED: frozenset[Form] = frozenset({"schema", "plain schema"})
_OFTEN_REFUSED = frozenset({"minLength", "maxLength", "pattern", "minItems", "maxItems"})
"""Keywords that OpenAI's strict mode left out at first, and that others still do."""
_JSON_TYPES = {str: "string", bool: "boolean", int: "number", float: "number", type(None): "null"}
_SCHEMA_WORDS = re.compile(
    r"response_format|schema|grammar|structured|json|(min|max)(Length|Items)|pattern|enum", re.I
)
_FEWER_LOGPROBS = {20: 5, 5: 0}
"""OpenAI lists up to 20 alternatives and at first listed 5; some compatible servers list none."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a chat completion is asked for.

    Args:
        form: how the schema is put.
        length_key: the name of the limit on new tokens.
        greedy: whether a temperature of 0 and a seed may be sent.
        top_logprobs: alternatives asked for per token; 0 for none.
    """

    form: Form = "schema"
    length_key: str = "max_tokens"
    greedy: bool = True
    top_logprobs: int = 20

    def body(self, model: str, prompt: Prompt, max_new_tokens: int) -> dict[str, Any]:
        """The request for one prompt."""
        messages, schema = prompt.messages, prompt.answer_schema
        if schema is not None and self.form not in CONSTRAINED:
            # The schema ends the system message, or stands in a first one of its own.
            text = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
            request = (
                "Answer with one JSON object in compact form and nothing else: no other words, no "
                f"code fence. It follows this JSON Schema: {text}"
            )
            if messages[0].role == "system":
                request = f"{messages[0].content}\n\n{request}"
                messages = messages[1:]
            messages = (Message(role="system", content=request), *messages)
        body: dict[str, Any] = {
            "model": model,
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            self.length_key: max_new_tokens,
        }
        if self.greedy:
            body |= {"temperature": 0, "seed": 0}
        if self.top_logprobs and prompt.labels:
            body |= {"logprobs": True, "top_logprobs": self.top_logprobs}
        if schema is not None and self.form == "json object":
            body["response_format"] = {"type": "json_object"}
        elif schema is not None and self.form in CONSTRAINED:
            wanted = plain_schema(schema) if self.form == "plain schema" else dict(schema)
            named = {"name": "answer", "strict": True, "schema": wanted}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        return body

    def after(self, refusal: str) -> "Dialect | None":
        """The dialect to try next when the server refuses with these words; None for no use."""
        if "max_completion_tokens" in refusal and self.length_key == "max_tokens":
            return replace(self, length_key="max_completion_tokens")
        if ("temperature" in refusal or "seed" in refusal) and self.greedy:
            return replace(self, greedy=False)
        if "logprobs" in refusal and self.top_logprobs:
            return replace(self, top_logprobs=_FEWER_LOGPROBS[self.top_logprobs])
        if _SCHEMA_WORDS.search(refusal):
            looser = FORMS[FORMS.index(self.form) + 1 :]
            return replace(self, form=looser[0]) if looser else None
        return None


def plain_schema(part: Any) -> Any:
    """A schema, or a part of one, without lengths and patterns; closed lists name their type.

    It allows a little more than the whole one, which the answer is checked against afterwards.
    """
    if isinstance(part, list):
        return [plain_schema(item) for item in part]
    if not isinstance(part, Mapping):
        return part
    plain = {key: value for key, value in part.items() if key not in _OFTEN_REFUSED}
    if "const" in plain:
        plain["enum"] = [plain.pop("const")]
    if "enum" in plain:
        kinds = {_JSON_TYPES.get(type(value)) for value in plain["enum"]}
        known = len(kinds) == 1 and None not in kinds
        return {**({"type": kinds.pop()} if known else {}), **plain}
    if isinstance(plain.get("properties"), Mapping):
        # A property may be called "pattern": only its schema is made plain, never its name.
        named = {name: plain_schema(value) for name, value in plain["properties"].items()}
        return {**{k: plain_schema(v) for k, v in plain.items()}, "properties": named}
    return {key: plain_schema(value) for key, value in plain.items()}
