"""One answer while it is being written."""

from dataclasses import dataclass, field
from typing import Any, Literal

import torch

from affect_llm.errors import PromptError
from affect_llm.reasoners.tokens.grammar import TokenVocabulary
from affect_llm.reasoners.tokens.label_paths import LabelPaths
from affect_llm.types import Completion, Prompt, Usage


@dataclass(slots=True)
class TokenAnswer:
    """The tokens of one answer, and what may follow them.

    Args:
        vocabulary: the model's tokens.
        matcher: follows the answer's schema; None for free text.
        room: most tokens it may have.
        ids: tokens so far.
        pending: tokens that the model has not read yet.
        only: tokens that the next choice is limited to; None for no limit.
        finish: None while the answer goes on.
    """

    vocabulary: TokenVocabulary
    matcher: Any
    room: int
    ids: list[int] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    only: tuple[int, ...] | None = None
    finish: Literal["stop", "length"] | None = None

    def begin(self, tokens: list[int], closers: tuple[int, ...] | None) -> None:
        """Write `tokens`; one of `closers` comes next, or without them what the schema forces.

        Raises:
            PromptError: the schema does not allow `tokens`.
        """
        if self.matcher is not None and tokens and not self.matcher.consume_tokens(tokens):
            text = self.vocabulary.decode(tokens)
            raise PromptError(f"The answer schema does not allow a beginning of {text!r}.")
        self.only = closers
        self._extend(tokens, self._forced() if closers is None else [])

    def take_best(self, logits: torch.Tensor) -> None:
        """Write the most probable token that is allowed, (vocabulary,) float32 on the CPU."""
        self.take(int(logits.masked_fill(~self.allowed(len(logits)), float("-inf")).argmax()))

    def take(self, token: int) -> None:
        """Write a token that is allowed, and what it forces."""
        self.pending = []
        self.only = None
        if token in self.vocabulary.eos_ids:
            self.finish = "stop"
            return
        if self.matcher is not None:
            self.matcher.consume_token(token)
        self._extend([token], self._forced())

    def allowed(self, width: int) -> torch.Tensor:
        """Which tokens may come next, (width,) bool."""
        allowed = torch.ones(width, dtype=torch.bool)
        if self.matcher is not None:
            allowed = torch.from_numpy(self.vocabulary.allowed(self.matcher))
        if self.only is not None:
            allowed &= torch.isin(torch.arange(width), torch.tensor(self.only))
        return allowed

    def completion(
        self, prompt_tokens: int, logprobs: dict[str, float] | None, model: str
    ) -> Completion:
        """The answer as a completion of a prompt that had `prompt_tokens`, by `model`."""
        return Completion(
            text=self.vocabulary.decode(self.ids),
            label_logprobs=logprobs,
            usage=Usage(prompt_tokens=prompt_tokens, completion_tokens=len(self.ids)),
            finish=self.finish or "length",
            model=model,
        )

    def _forced(self) -> list[int]:
        """The tokens that the schema leaves no choice about, consumed."""
        if self.matcher is None:
            return []
        forced: list[int] = self.matcher.compute_ff_tokens()
        self.matcher.consume_tokens(forced)
        return forced

    def _extend(self, tokens: list[int], forced: list[int]) -> None:
        new = [*tokens, *forced]
        left = self.room - len(self.ids)
        self.ids += new[:left]
        self.pending += new
        if len(new) <= left and self.matcher is not None and self.matcher.is_stopped():
            self.finish = "stop"
        elif len(new) >= left:
            self.finish = "length"


def begun_answer(
    vocabulary: TokenVocabulary,
    prompt: Prompt,
    paths: LabelPaths | None,
    logprobs: dict[str, float] | None,
    room: int,
) -> TokenAnswer:
    """An answer that begins with its most probable label, or where the schema lets it begin.

    Raises:
        PromptError: the answer schema does not allow that beginning.
    """
    schema = prompt.answer_schema
    answer = TokenAnswer(vocabulary, None if schema is None else vocabulary.matcher(schema), room)
    if paths is None or logprobs is None:
        answer.begin([], None)
    else:
        top = max(logprobs, key=lambda label: logprobs[label])
        answer.begin([*paths.common, *paths.paths[top]], paths.closers[top])
    return answer
