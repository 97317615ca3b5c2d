"""A model behind a running vLLM server, by /v1/completions with token ids."""

from collections.abc import Sequence
from typing import Any

from affect_llm.errors import CapabilityError, ServerError
from affect_llm.reasoners.http.client import JsonClient
from affect_llm.reasoners.http.refusal import RefusedRequest
from affect_llm.reasoners.served.embeddings import EmbeddingTable
from affect_llm.reasoners.served.model import Scoring, Writing, WrittenAnswer, scorable
from affect_llm.reasoners.tokens.slotted_chat import TokenPrompt

_PROMPTS_A_REQUEST = 32
"""A longer list goes in several requests, which are under way at once."""
_UNREADABLE = (LookupError, TypeError, AttributeError, ValueError)
"""What taking a reply of another form apart raises."""


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
        try:
            ids = reply["choices"][0].get("prompt_token_ids")
        except _UNREADABLE as error:
            raise self._unreadable(error) from error
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
        for ids in scorable(wanted):
            for logprobs, more in zip(scores, self._next(prompts, ids), strict=True):
                logprobs.update(more)
        if missing := set(wanted) - set(scores[0]):
            raise CapabilityError(
                f"The server {self.client.endpoint.url} does not score the tokens it is asked for "
                f"({len(missing)} are missing). It has to be vLLM 0.32 or newer; use the reasoner "
                "'openai' for others."
            )
        return [{token: logprobs[token] for token in wanted} for logprobs in scores]

    def _next(self, prompts: list[TokenPrompt], ids: list[int]) -> list[dict[int, float]]:
        """Token → log probability for the next token of each, the chosen one among them."""
        how = {"max_tokens": 1, "ignore_eos": True, "return_tokens_as_token_ids": True}
        wanted = {"logprobs": len(ids), "logprob_token_ids": ids}
        reply = self._post({**self._read(prompts), "temperature": 0, **how, **wanted})
        try:
            choices = sorted(reply["choices"], key=lambda choice: int(choice["index"]))
            listed = [choice["logprobs"]["top_logprobs"][0] for choice in choices]
            # Tokens come as "token_id:17".
            rows = [
                {int(token.rpartition(":")[2]): float(value) for token, value in row.items()}
                for row in listed
            ]
        except _UNREADABLE as error:
            raise self._unreadable(error) from error
        if len(rows) != len(prompts):
            raise self._unreadable(ValueError())
        return rows

    def _written(
        self, prompt: TokenPrompt, schema: dict[str, object] | None, room: int
    ) -> WrittenAnswer:
        body = {**self._read([prompt]), "temperature": 0, "max_tokens": room}
        if schema is not None:
            body["structured_outputs"] = {"json": schema}
        reply = self._post(body)
        try:
            choice = reply["choices"][0]
            tokens = int(reply["usage"]["completion_tokens"])
            return WrittenAnswer.counted(choice["text"], tokens, choice["finish_reason"])
        except _UNREADABLE as error:
            raise self._unreadable(error) from error

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
            raise _explained(refused) from refused

    def _unreadable(self, error: Exception) -> ServerError:
        return ServerError(
            f"The server {self.client.endpoint.url} sent no completion ({type(error).__name__}). "
            "Check that it is a vLLM."
        )


def _explained(refused: RefusedRequest) -> Exception:
    """The refusal as a sentence about how the server was started, if it is about that."""
    if "prompt-embeds" in refused.words or "prompt_embeds" in refused.words:
        return CapabilityError(
            "The server does not take soft tokens. Start it with --enable-prompt-embeds. It says: "
            f'"{refused.words}".'
        )
    if refused.status == 400 and ("grammar" in refused.words or "schema" in refused.words.lower()):
        return CapabilityError(
            "The server cannot keep to the answer schema. Start it with "
            f'--structured-outputs-config.backend=guidance. It says: "{refused.words}".'
        )
    return refused
