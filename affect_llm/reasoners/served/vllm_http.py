"""A model behind a running vLLM server, by /v1/completions with token ids."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from affect_llm.errors import CapabilityError, ServerError
from affect_llm.reasoners.http.client import JsonClient
from affect_llm.reasoners.http.refusal import RefusedRequest
from affect_llm.reasoners.served.embeddings import EmbeddingTable
from affect_llm.reasoners.served.model import Scoring, Writing, WrittenAnswer, scorable
from affect_llm.reasoners.tokens.slotted_chat import TokenPrompt

_PROMPTS_A_REQUEST = 32
"""A longer list goes in several requests, which are under way at once."""


class HttpTokenModel:
    """Asks the model called `name` for probabilities, or for a whole answer.

    Args:
        client: to the server.
        name: of the base model or of a LoRA module on it.
        table: embeds prompts with soft tokens; None where none may be sent.
    """

    def __init__(self, client: JsonClient, name: str, table: EmbeddingTable | None = None) -> None:
        self.client = client
        self.name = name
        self.table = table

    def logprobs(self, scorings: Sequence[Scoring]) -> list[dict[int, float]]:
        """See `TokenModel.logprobs`; prompts with the same tokens of interest go together."""
        groups: dict[tuple[bool, tuple[int, ...]], list[int]] = {}
        for n, (prompt, ids) in enumerate(scorings):
            groups.setdefault((prompt.soft is None, tuple(ids)), []).append(n)
        batches = [
            (ids, group[start : start + _PROMPTS_A_REQUEST])
            for (_, ids), group in groups.items()
            for start in range(0, len(group), _PROMPTS_A_REQUEST)
        ]
        replies = self.client.each(
            lambda batch: self._scored([scorings[n][0] for n in batch[1]], batch[0]), batches
        )
        scores: dict[int, dict[int, float]] = {}
        for (_, places), rows in zip(batches, replies, strict=True):
            scores |= dict(zip(places, rows, strict=True))
        return [scores[n] for n in range(len(scorings))]

    def write(self, writings: Sequence[Writing]) -> list[WrittenAnswer]:
        """See `TokenModel.write`; each is a request of its own, several under way at once."""
        return self.client.each(lambda writing: self._written(*writing), writings)

    def prompt_ids(self, text: str) -> list[int]:
        """How the server's own tokenizer encodes `text`."""
        body = {"prompt": text, "add_special_tokens": False, "return_token_ids": True}
        reply = self._post({**body, "max_tokens": 1, "temperature": 0})
        with self._reading():
            ids = reply["choices"][0].get("prompt_token_ids")
        if not isinstance(ids, list):
            raise CapabilityError(
                f"The server {self.client.endpoint.url} does not return token ids, so it is no "
                "vLLM of 0.32 or newer. Use the reasoner 'openai'."
            )
        return ids

    def _scored(
        self, prompts: list[TokenPrompt], wanted: tuple[int, ...]
    ) -> list[dict[int, float]]:
        scores: list[dict[int, float]] = [{} for _ in prompts]
        how = {"max_tokens": 1, "ignore_eos": True, "return_tokens_as_token_ids": True}
        for ids in scorable(wanted):
            body = {"temperature": 0, **how, "logprobs": len(ids), "logprob_token_ids": ids}
            reply = self._post({**self._read(prompts), **body})
            with self._reading():
                choices = sorted(reply["choices"], key=lambda choice: int(choice["index"]))
                listed = [choice["logprobs"]["top_logprobs"][0] for choice in choices]
                for logprobs, row in zip(scores, listed, strict=True):
                    # Tokens come as "token_id:17", the chosen one among them.
                    logprobs |= {int(t.rpartition(":")[2]): float(p) for t, p in row.items()}
        if missing := set(wanted) - set(scores[0]):
            raise CapabilityError(
                f"The server {self.client.endpoint.url} does not score the tokens it is asked for "
                f"({len(missing)} are missing). It has to be vLLM 0.32 or newer; use the reasoner "
                "'openai' for others."
            )
        return [{token: logprobs[token] for token in wanted} for logprobs in scores]

    def _written(
        self, prompt: TokenPrompt, schema: dict[str, object] | None, room: int
    ) -> WrittenAnswer:
        body = {**self._read([prompt]), "temperature": 0, "max_tokens": room}
        if schema is not None:
            body["structured_outputs"] = {"json": schema}
        reply = self._post(body)
        with self._reading():
            choice = reply["choices"][0]
            tokens = int(reply["usage"]["completion_tokens"])
            return WrittenAnswer.counted(choice["text"], tokens, choice["finish_reason"])

    def _read(self, prompts: list[TokenPrompt]) -> dict[str, Any]:
        if prompts[0].soft is None:
            return {"prompt": [list(prompt.chat.ids) for prompt in prompts]}
        if self.table is None:
            raise CapabilityError("Soft tokens are sent only to a vLLM on this machine.")
        return {"prompt_embeds": [self.table.encoded(prompt) for prompt in prompts]}

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return self.client.post("/completions", {"model": self.name, **body})
        except RefusedRequest as refused:
            words = refused.words
            # What is about how the server was started says how to start it.
            if "prompt-embeds" in words or "prompt_embeds" in words:
                raise CapabilityError(
                    "The server does not take soft tokens. Start it with --enable-prompt-embeds. "
                    f'It says: "{words}".'
                ) from refused
            if refused.status == 400 and ("grammar" in words or "schema" in words.lower()):
                raise CapabilityError(
                    "The server cannot keep to the answer schema. Start it with "
                    f'--structured-outputs-config.backend=guidance. It says: "{words}".'
                ) from refused
            raise

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Turn what taking a reply of another form apart raises into a sentence."""
        try:
            yield
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            raise ServerError(
                f"The server {self.client.endpoint.url} sent no completion "
                f"({type(error).__name__}). Check that it is a vLLM."
            ) from error
