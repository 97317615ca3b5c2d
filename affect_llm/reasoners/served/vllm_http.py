"""A model behind a running vLLM server, by /v1/completions with token ids."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from affect_llm.errors import CapabilityError, ServerError
from affect_llm.reasoners.http.client import JsonClient
from affect_llm.reasoners.http.refusal import RefusedRequest
from affect_llm.reasoners.served.embeddings import EmbeddingTable
from affect_llm.reasoners.served.model import (
    MOST_ALLOWED,
    MOST_SCORED,
    Asked,
    TokenPrompt,
    Writing,
    Written,
    pieces,
)

Out = TypeVar("Out")
_PATH = "/completions"
_TOGETHER = 32
"""Most prompts in one request."""
_LISTED = 20
"""Alternatives looked through where more tokens are allowed than may be named."""


class HttpTokenModel:
    """Asks for one token, or a whole answer, of the model called `name`.

    Args:
        client: to the server.
        name: of the base model or of a LoRA module on it.
        table: embeds prompts with soft tokens; None where none may be sent.
    """

    def __init__(self, client: JsonClient, name: str, table: EmbeddingTable | None = None) -> None:
        self.client = client
        self.name = name
        self.table = table

    def best(self, asked: Sequence[Asked]) -> list[int]:
        """See `TokenModel.best`."""
        return self._grouped(asked, self._best)

    def logprobs(self, asked: Sequence[Asked]) -> list[dict[int, float]]:
        """See `TokenModel.logprobs`."""
        return self._grouped(asked, self._scored)

    def write(self, asked: Sequence[Writing]) -> list[Written]:
        """See `TokenModel.write`."""
        return self.client.each(lambda one: self._written(*one), asked)

    def prompt_ids(self, text: str) -> list[int]:
        """How the server's own tokenizer encodes `text`."""
        body = {"prompt": text, "add_special_tokens": False, "return_token_ids": True}
        ids = self._choice({**body, "max_tokens": 1, "temperature": 0}).get("prompt_token_ids")
        if not isinstance(ids, list):
            raise CapabilityError(
                f"The server {self.client.endpoint.url} does not return token ids, so it is no "
                "vLLM of 0.32 or newer. Use the reasoner 'openai'."
            )
        return ids

    def _grouped(
        self,
        asked: Sequence[Asked],
        ask: Callable[[list[TokenPrompt], tuple[int, ...]], list[Out]],
    ) -> list[Out]:
        """One request for prompts with the same tokens of interest; results in order."""
        groups: dict[tuple[bool, tuple[int, ...]], list[int]] = {}
        for n, (prompt, ids) in enumerate(asked):
            groups.setdefault((prompt.soft is None, tuple(ids)), []).append(n)
        batches = [some for group in groups.values() for some in pieces(group, _TOGETHER)]
        told = self.client.each(
            lambda batch: ask([asked[n][0] for n in batch], tuple(asked[batch[0]][1])), batches
        )
        found = {
            n: one
            for batch, ones in zip(batches, told, strict=True)
            for n, one in zip(batch, ones, strict=True)
        }
        return [found[n] for n in range(len(asked))]

    def _best(self, prompts: list[TokenPrompt], allowed: tuple[int, ...]) -> list[int]:
        """By rank among what is listed where more are allowed than may be named at once."""
        if len(allowed) > MOST_ALLOWED:
            listed = [
                {token: value for token, value in one.items() if token in set(allowed)}
                for one in self._next(prompts, {"logprobs": _LISTED})
            ]
            if all(listed):
                return [max(one, key=one.__getitem__) for one in listed]
        found: list[dict[int, float]] = [{} for _ in prompts]
        for some in pieces(allowed, MOST_ALLOWED):
            told = self._next(prompts, {"logprobs": 1, "allowed_token_ids": some})
            for one, more in zip(found, told, strict=True):
                one.update({token: more[token] for token in more if token in set(some)})
        return [max(one, key=one.__getitem__) for one in found]

    def _scored(
        self, prompts: list[TokenPrompt], wanted: tuple[int, ...]
    ) -> list[dict[int, float]]:
        found: list[dict[int, float]] = [{} for _ in prompts]
        for some in pieces(wanted, MOST_SCORED):
            how = {"logprobs": len(some), "logprob_token_ids": some}
            for one, more in zip(found, self._next(prompts, how), strict=True):
                one.update(more)
        if missing := set(wanted) - set(found[0]):
            raise CapabilityError(
                f"The server {self.client.endpoint.url} does not score the tokens it is asked for "
                f"({len(missing)} are missing). It has to be vLLM 0.32 or newer; use the reasoner "
                "'openai' for others."
            )
        return [{token: one[token] for token in wanted} for one in found]

    def _next(self, prompts: list[TokenPrompt], how: dict[str, Any]) -> list[dict[int, float]]:
        """Token → log probability for the next token of each, the chosen one among them."""
        more = {"max_tokens": 1, "ignore_eos": True, "return_tokens_as_token_ids": True}
        reply = self._post({**self._read(prompts), "temperature": 0, **more, **how})
        try:
            choices = sorted(reply["choices"], key=lambda choice: int(choice["index"]))
            told = [_listed(choice) for choice in choices]
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            raise self._unreadable(error) from error
        if len(told) != len(prompts):
            raise self._unreadable(ValueError())
        return told

    def _written(self, prompt: TokenPrompt, schema: dict[str, object] | None, room: int) -> Written:
        body = {**self._read([prompt]), "temperature": 0, "max_tokens": room}
        if schema is not None:
            body["structured_outputs"] = {"json": schema}
        reply = self._post(body)
        try:
            choice = reply["choices"][0]
            tokens = int(reply["usage"]["completion_tokens"])
            return Written(choice["text"], tokens, cut=choice["finish_reason"] == "length")
        except (LookupError, TypeError, ValueError) as error:
            raise self._unreadable(error) from error

    def _read(self, prompts: list[TokenPrompt]) -> dict[str, Any]:
        if prompts[0].soft is None:
            return {"prompt": [list(prompt.chat.ids) for prompt in prompts]}
        if self.table is None:
            raise CapabilityError("Soft tokens are sent only to a vLLM on this machine.")
        return {"prompt_embeds": [self.table.encoded(prompt) for prompt in prompts]}

    def _choice(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            choice: dict[str, Any] = self._post(body)["choices"][0]
        except (LookupError, TypeError) as error:
            raise self._unreadable(error) from error
        return choice

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return self.client.post(_PATH, {"model": self.name, **body})
        except RefusedRequest as refused:
            raise _told(refused) from refused

    def _unreadable(self, error: Exception) -> ServerError:
        return ServerError(
            f"The server {self.client.endpoint.url} sent no completion ({type(error).__name__}). "
            "Check that it is a vLLM."
        )


def _listed(choice: dict[str, Any]) -> dict[int, float]:
    listed = choice["logprobs"]["top_logprobs"][0]
    return {int(token.rpartition(":")[2]): float(value) for token, value in listed.items()}


def _told(refused: RefusedRequest) -> Exception:
    """The refusal as a sentence about how the server was started, if it is about that."""
    if "prompt-embeds" in refused.said or "prompt_embeds" in refused.said:
        return CapabilityError(
            "The server does not take soft tokens. Start it with --enable-prompt-embeds. It says: "
            f'"{refused.said}".'
        )
    if refused.status == 400 and ("grammar" in refused.said or "schema" in refused.said.lower()):
        return CapabilityError(
            "The server cannot keep to the answer schema. Start it with "
            f'--structured-outputs-config.backend=guidance. It says: "{refused.said}".'
        )
    return refused
