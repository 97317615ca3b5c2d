"""A model that vLLM runs, asked token by token as the in-process one is.

Labels are scored exactly. Then a model that chooses its sentences is led through the answer: what
the schema forces is not asked for, and at each fork the served model picks among the tokens that
are allowed, so that its answers are those of the in-process reasoner. A model that writes gets
the schema, with the label fixed, and writes the answer at one go.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from affect_llm.adapters.folder import Adapter
from affect_llm.errors import CapabilityError, PromptError
from affect_llm.reasoners.local.answer import Answer
from affect_llm.reasoners.local.grammar import COMPACT
from affect_llm.reasoners.local.label_paths import LabelPaths, label_paths
from affect_llm.reasoners.local.slotted_chat import length_of
from affect_llm.reasoners.reasoner import Capability
from affect_llm.reasoners.served.chat import served_chat
from affect_llm.reasoners.served.label_probabilities import score_served_labels
from affect_llm.reasoners.served.model import TokenModel, TokenPrompt
from affect_llm.reasoners.served.tokens import ModelTokens
from affect_llm.types import Completion, Prompt, Usage


@dataclass(slots=True)
class _Row:
    """A prompt on its way to an answer."""

    prompt: Prompt
    read: TokenPrompt
    length: int
    room: int
    paths: LabelPaths | None
    scores: dict[str, float] | None = None

    @property
    def top(self) -> str | None:
        return None if self.scores is None else max(self.scores, key=self.scores.__getitem__)


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
        own: set[Capability] = {"label_logprobs", "constrained"}
        own |= {"writes"} if tokens.writes else set()
        own |= {"soft_tokens"} if soft else set()
        self.capabilities: frozenset[Capability] = frozenset(own)
        self.calibration = tokens.calibration if adapter is None else adapter.calibration
        self.context_tokens = context_tokens
        more = "" if adapter is None else f"+{adapter.manifest.passport}"
        self.passport = f"{tokens.passport}{more}"

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
        scores = score_served_labels(self.model, [(row.read, row.paths) for row in rows])
        for row, found in zip(rows, scores, strict=True):
            row.scores = found
        return self._write(rows) if "writes" in self.capabilities else self._lead(rows)

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
        length = length_of(chat, prompt.soft_tokens)
        if length >= self.context_tokens:
            raise CapabilityError(
                f"The prompt has {length} tokens and '{self.passport}' reads at most "
                f"{self.context_tokens}. Use shorter windows (window_s), or start vLLM with a "
                "longer --max-model-len."
            )
        room = min(max_new_tokens, self.context_tokens - length)
        return _Row(
            prompt, TokenPrompt(chat, prompt.soft_tokens), length, room, self._paths(prompt)
        )

    def _paths(self, prompt: Prompt) -> LabelPaths | None:
        if not prompt.labels:
            return None
        return label_paths(
            self.tokens.vocabulary, prompt.labels, prompt.label_prefix, prompt.answer_schema
        )

    def _lead(self, rows: list[_Row]) -> list[Completion]:
        answers = [self._begun(row) for row in rows]
        width = self.tokens.vocabulary.width
        while going := [n for n, answer in enumerate(answers) if answer.finish is None]:
            asked = [
                (
                    rows[n].read.then(answers[n].ids),
                    torch.nonzero(answers[n].allowed(width))[:, 0].tolist(),
                )
                for n in going
            ]
            for n, token in zip(going, self.model.best(asked), strict=True):
                answers[n].take(token)
        return [
            self._completion(
                row,
                self.tokens.vocabulary.decode(answer.ids),
                len(answer.ids),
                cut=answer.finish == "length",
            )
            for row, answer in zip(rows, answers, strict=True)
        ]

    def _begun(self, row: _Row) -> Answer:
        schema, vocabulary = row.prompt.answer_schema, self.tokens.vocabulary
        matcher = None if schema is None else vocabulary.matcher(schema)
        answer = Answer(vocabulary, matcher, row.room)
        if row.paths is None or row.top is None:
            answer.begin([], None)
        else:
            path = row.paths.paths[row.top]
            answer.begin([*row.paths.common, *path], row.paths.closers[row.top])
        return answer

    def _write(self, rows: list[_Row]) -> list[Completion]:
        asked = [(row.read, _fixed_schema(row.prompt, row.top), row.room) for row in rows]
        return [
            self._completion(row, said.text, said.tokens, cut=said.cut)
            for row, said in zip(rows, self.model.write(asked), strict=True)
        ]

    def _completion(self, row: _Row, text: str, tokens: int, *, cut: bool) -> Completion:
        return Completion(
            text=text,
            label_logprobs=row.scores,
            usage=Usage(prompt_tokens=row.length, completion_tokens=tokens),
            finish="length" if cut else "stop",
            model=self.passport,
        )


def _fixed_schema(prompt: Prompt, label: str | None) -> dict[str, object] | None:
    """The schema with the label that was found most probable, in compact form where it is heeded.

    `x-guidance` is read by the grammar that in-process answers follow (llguidance), and by nobody
    else.
    """
    schema = prompt.answer_schema
    if schema is None:
        return None
    compact = {**schema, "x-guidance": COMPACT}
    properties = schema.get("properties")
    if label is None or not isinstance(properties, dict):
        return compact
    [name] = json.loads(f'{prompt.label_prefix}"}}')
    return {**compact, "properties": {**properties, name: {"const": label}}}
