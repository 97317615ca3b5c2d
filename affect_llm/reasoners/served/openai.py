"""Any model behind an OpenAI-compatible server, by chat completions."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from affect_llm.config import Settings
from affect_llm.errors import CapabilityError, ServerError
from affect_llm.prompting.calibration import Calibration
from affect_llm.prompting.schema import answer_schema
from affect_llm.reasoners.http.client import JsonClient
from affect_llm.reasoners.http.endpoint import open_endpoint
from affect_llm.reasoners.http.refusal import RefusedRequest
from affect_llm.reasoners.reasoner import Capability
from affect_llm.reasoners.served.dialect import CONSTRAINED, Dialect
from affect_llm.reasoners.served.listed_labels import ListedToken, listed_logprobs
from affect_llm.reasoners.served.model_list import ServedModel, list_models, pick_model
from affect_llm.reasoners.served.probe import obeys_schema
from affect_llm.reasoners.spec import OPENAI
from affect_llm.types import Completion, Message, Prompt, Usage

UNKNOWN_CONTEXT = 32_768
"""Taken to be the context of a model whose server does not say; most of today read as much."""
_BYTES_PER_TOKEN = 3
"""English has about four; three counts rather too many tokens than too few."""
_ADAPTABLE = (400, 404, 415, 422, 501)
"""Statuses by which servers refuse a field that they do not know."""
_TOO_LONG = ("context length", "context_length", "maximum context", "too long", "max_model_len")
"""By one of these, OpenAI, vLLM and others say that a prompt has too many tokens."""


class ServedChat:
    """Asks a server for chat completions, greedily where it allows that.

    Sentences are the model's own ("writes"). An answer is "constrained" where the server takes a
    JSON Schema and a probe showed that it obeys; otherwise the schema is told in words, and an
    answer that breaks it stays unparsed. Labels have probabilities only where the server lists
    enough alternatives, so they are not promised.

    Args:
        client: to the server.
        model: as the server lists it.
        dialect: what the server understands.
    """

    name = OPENAI.name
    calibration: Calibration | None = None
    batch_size: int | None = None
    media_tracks: tuple[str, ...] = ()

    def __init__(self, client: JsonClient, model: ServedModel, dialect: Dialect) -> None:
        self.client = client
        self.model = model
        self.dialect = dialect
        self.capabilities: frozenset[Capability] = frozenset(
            {"writes", "constrained"} if dialect.form in CONSTRAINED else {"writes"}
        )
        self.context_tokens = model.context_tokens or UNKNOWN_CONTEXT
        identity = f"{client.endpoint.url} {model.id}".encode()
        self.provenance = f"{model.id}@served#{hashlib.sha256(identity).hexdigest()[:12]}"

    def count_tokens(self, text: str) -> int:
        """An estimate, a token per three bytes, because the tokenizer is the server's."""
        return math.ceil(len(text.encode()) / _BYTES_PER_TOKEN)

    def complete(self, prompts: Sequence[Prompt], *, max_new_tokens: int) -> list[Completion]:
        """One completion per prompt, in order, several under way at once.

        Raises:
            CapabilityError: soft tokens, a prompt that is too long, or a schema that is refused.
            ServerError: the server is down, refuses, or says what nobody can read.
        """
        return self.client.each(partial(self._ask, max_new_tokens=max_new_tokens), prompts)

    def _ask(self, prompt: Prompt, max_new_tokens: int) -> Completion:
        if prompt.soft_tokens is not None:
            raise CapabilityError(f"The reasoner '{self.name}' does not read soft tokens.")
        body = self.dialect.body(self.model.id, prompt, max_new_tokens)
        try:
            reply = self.client.post("/chat/completions", body)
        except RefusedRequest as refused:
            raise _explained(refused, self.model.id) from refused
        try:
            choice = reply["choices"][0]
            message, usage = choice["message"], reply.get("usage") or {}
            tokens = _tokens(choice.get("logprobs"))
            scores = listed_logprobs(tokens, prompt.labels, prompt.label_prefix)
            return Completion(
                text=message.get("content") or message.get("refusal") or "",
                label_logprobs=scores if prompt.labels else None,
                usage=Usage(
                    prompt_tokens=usage.get("prompt_tokens", 0),
                    completion_tokens=usage.get("completion_tokens", 0),
                ),
                finish="length" if choice.get("finish_reason") == "length" else "stop",
                model=self.provenance,
            )
        except (LookupError, TypeError, AttributeError, ValueError) as error:
            raise ServerError(
                f"The server {self.client.endpoint.url} sent no chat completion "
                f"({type(error).__name__}). Check that it speaks the OpenAI API."
            ) from error


def open_openai(settings: Settings) -> ServedChat:
    """The model called `settings.model` at `settings.server.url`, found and probed.

    Raises:
        ConfigError: no such address, key or model.
        ServerError: the server is down or refuses.
        CapabilityError: it refuses every way to ask.
    """
    endpoint = open_endpoint(settings.server)
    client = JsonClient(endpoint, settings.server)
    model = pick_model(list_models(client), settings.model, endpoint.url)
    reasoner = ServedChat(client, model, _settled(client, model, Dialect()))
    if "constrained" in reasoner.capabilities and not obeys_schema(reasoner):
        unconstrained = replace(reasoner.dialect, form="json object")
        return ServedChat(client, model, _settled(client, model, unconstrained))
    return reasoner


def _settled(client: JsonClient, model: ServedModel, dialect: Dialect) -> Dialect:
    """The first dialect from `dialect` on that the server takes, found by asking for a word."""
    trial = Prompt(
        id="probe",
        version=1,
        messages=(Message(role="user", content="Say yes, as JSON."),),
        answer_schema=answer_schema(["yes", "no"], ["F1"], ["text"]),
        labels=("yes", "no"),
    )
    while True:
        try:
            # Whether the request is taken is asked, not what is answered: a word's length will do.
            client.post("/chat/completions", dialect.body(model.id, trial, 16))
        except RefusedRequest as refused:
            adapted = dialect.after(refused.words) if refused.status in _ADAPTABLE else None
            if adapted is None:
                raise _explained(refused, model.id) from refused
            dialect = adapted
        else:
            return dialect


def _explained(refused: RefusedRequest, model: str) -> Exception:
    """The same refusal as a sentence about the prompt, the schema or the model, if it is one."""
    words = refused.words
    if refused.status not in _ADAPTABLE:
        return refused
    if any(sign in words.lower() for sign in _TOO_LONG):
        return CapabilityError(
            f"The prompt is longer than '{model}' reads. Use shorter windows (window_s) or a model "
            f'that reads more. The server says: "{words}".'
        )
    if "schema" in words.lower():
        return CapabilityError(
            f"The server does not take the answer schema of this prompt for '{model}'. Use a "
            f'server with JSON Schema output. It says: "{words}".'
        )
    return refused


def _tokens(logprobs: Any) -> list[ListedToken]:
    tokens = []
    for token in (logprobs or {}).get("content") or []:
        alternatives = token.get("top_logprobs") or []
        # Rounding on the server's side may give a logarithm just above 0.
        listed = {str(a["token"]): math.exp(min(float(a["logprob"]), 0.0)) for a in alternatives}
        tokens.append(ListedToken(str(token["token"]), listed))
    return tokens
