"""A model that vLLM runs, asked by token ids.

Labels are scored exactly. Then the answer is written at one go under its schema, in which the most
probable label is fixed, so that it says what the in-process reasoner says under the same schema.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from affect_llm.adapters.folder import Adapter
from affect_llm.errors import CapabilityError, PromptError
from affect_llm.reasoners.reasoner import Capability
from affect_llm.reasoners.served.chat import served_chat
from affect_llm.reasoners.served.label_probabilities import score_served_labels
from affect_llm.reasoners.served.model import TokenModel
from affect_llm.reasoners.served.model_tokens import ModelTokens
from affect_llm.reasoners.tokens.grammar import COMPACT
from affect_llm.reasoners.tokens.label_paths import LabelPaths, label_paths
from affect_llm.reasoners.tokens.slotted_chat import TokenPrompt
from affect_llm.types import Completion, Prompt, Usage


@dataclass(frozen=True, slots=True)
class _Row:
    """A prompt on its way to an answer."""

    prompt: Prompt
    tokens: TokenPrompt
    room: int
    paths: LabelPaths | None


class ServedLM:
    """Greedy; the same prompt gets the same answer as far as vLLM's arithmetic is the same.

    Args:
        name: in the registry.
        tokens: of the served model.
        model: that runs.
        adapter: that is on; None for the base model.
        context_tokens: longest prompt plus answer that is served.
        soft: whether soft tokens may be sent there.
    """

    batch_size: int | None = None
    media_tracks: tuple[str, ...] = ()

    def __init__(
        self,
        name: str,
        tokens: ModelTokens,
        model: TokenModel,
        adapter: Adapter | None,
        context_tokens: int,
        *,
        soft: bool,
    ) -> None:
        self.name = name
        self.tokens = tokens
        self.model = model
        capabilities: set[Capability] = {"label_logprobs", "constrained"}
        capabilities |= {"writes"} if tokens.writes else set()
        capabilities |= {"soft_tokens"} if soft else set()
        self.capabilities: frozenset[Capability] = frozenset(capabilities)
        self.calibration = tokens.calibration if adapter is None else adapter.calibration
        self.context_tokens = context_tokens
        more = "" if adapter is None else f"+{adapter.manifest.provenance}"
        self.provenance = f"{tokens.provenance}{more}"

    def count_tokens(self, text: str) -> int:
        """Length of `text` in tokens, without any that a chat template adds."""
        return len(self.tokens.encode(text))

    def complete(self, prompts: Sequence[Prompt], *, max_new_tokens: int) -> list[Completion]:
        """One completion per prompt, in order.

        Raises:
            CapabilityError: a prompt is longer than what is served, or has soft tokens where none
                may be sent.
            PromptError: the answer schema does not fit the labels, or a slot has no soft tokens.
            ServerError: the server is down, refuses, or says what nobody can read.
        """
        rows = [self._row(prompt, max_new_tokens) for prompt in prompts]
        scores = score_served_labels(self.model, [(row.tokens, row.paths) for row in rows])
        writings = [
            (row.tokens, _with_best_label(row.prompt, logprobs), row.room)
            for row, logprobs in zip(rows, scores, strict=True)
        ]
        return [
            Completion(
                text=answer.text,
                label_logprobs=logprobs,
                usage=Usage(prompt_tokens=row.tokens.length, completion_tokens=answer.tokens),
                finish="length" if answer.cut else "stop",
                model=self.provenance,
            )
            for row, logprobs, answer in zip(rows, scores, self.model.write(writings), strict=True)
        ]

    def _row(self, prompt: Prompt, max_new_tokens: int) -> _Row:
        if prompt.soft_tokens is not None and "soft_tokens" not in self.capabilities:
            raise CapabilityError(
                f"The reasoner '{self.name}' reads soft tokens only with an adapter that has a "
                "projector, and only from a model on this machine. Use road = 'text'."
            )
        chat = served_chat(self.tokens.tokenizer, prompt)
        if chat.slots and prompt.soft_tokens is None:
            raise PromptError(
                f"The prompt has a slot for '{chat.slots[0].track}' and no soft tokens."
            )
        tokens = TokenPrompt(chat, prompt.soft_tokens)
        if tokens.length >= self.context_tokens:
            raise CapabilityError(
                f"The prompt has {tokens.length} tokens and '{self.provenance}' reads at most "
                f"{self.context_tokens}. Use shorter windows (window_s), or start vLLM with a "
                "longer --max-model-len."
            )
        room = min(max_new_tokens, self.context_tokens - tokens.length)
        return _Row(prompt, tokens, room, label_paths(self.tokens.vocabulary, prompt))


def _with_best_label(prompt: Prompt, logprobs: dict[str, float] | None) -> dict[str, object] | None:
    """The answer's schema with its most probable label fixed; None for free text."""
    schema = prompt.answer_schema
    if schema is None:
        return None
    # Only llguidance reads this key, the grammar that in-process answers follow too: without it
    # a server may put blanks between the parts.
    compact = {**schema, "x-guidance": COMPACT}
    properties = schema.get("properties")
    if logprobs is None or not isinstance(properties, dict):
        return compact
    [name] = json.loads(f'{prompt.label_prefix}"}}')
    best = max(logprobs, key=logprobs.__getitem__)
    return {**compact, "properties": {**properties, name: {"const": best}}}
