"""What an OpenAI-compatible server understands, found out from what it refuses."""

import re
from dataclasses import dataclass, replace
from typing import Any

from affect_llm.reasoners.served.schema import FORMS, Form, response_format, with_schema_in_words
from affect_llm.types import Prompt

_SCHEMA_WORDS = re.compile(
    r"response_format|schema|grammar|structured|json|(min|max)(Length|Items)|pattern|enum", re.I
)


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
        if schema is not None and self.form in ("json object", "words"):
            messages = with_schema_in_words(messages, schema)
        body: dict[str, Any] = {
            "model": model,
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            self.length_key: max_new_tokens,
        }
        if self.greedy:
            body |= {"temperature": 0, "seed": 0}
        if self.top_logprobs and prompt.labels:
            body |= {"logprobs": True, "top_logprobs": self.top_logprobs}
        wanted = None if schema is None else response_format(schema, self.form)
        return body if wanted is None else {**body, "response_format": wanted}

    def after(self, said: str) -> "Dialect | None":
        """The dialect to try next when the server refuses with `said`; None when it is no use."""
        if "max_completion_tokens" in said and self.length_key == "max_tokens":
            return replace(self, length_key="max_completion_tokens")
        if ("temperature" in said or "seed" in said) and self.greedy:
            return replace(self, greedy=False)
        if "logprobs" in said and self.top_logprobs:
            fewer = {20: 5, 5: 0}
            return replace(self, top_logprobs=fewer[self.top_logprobs])
        if _SCHEMA_WORDS.search(said):
            return self.looser()
        return None

    def looser(self) -> "Dialect | None":
        """The same with the next form down; None after the last."""
        rest = FORMS[FORMS.index(self.form) + 1 :]
        return replace(self, form=rest[0]) if rest else None
