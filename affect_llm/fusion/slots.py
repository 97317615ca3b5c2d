"""Soft tokens in their named places among a prompt's tokens, in training and in generation.

A slot whose track has no tokens takes no room. Padding is masked, and positions count real
tokens only, so that a prompt gives the same logits alone and in a batch, padded left or right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from affect_llm.errors import PromptError
from affect_llm.fusion.fused import FusedBatch
from affect_llm.types import SoftTokens

NO_TOKEN = -100
"""Stands in `token_ids` where there is no token of the vocabulary; losses of torch skip it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a track's tokens: before `ids[at]`, or at the end."""

    track: str
    at: int


@dataclass(frozen=True, slots=True)
class SlottedPrompt:
    """Token ids of a prompt (or of a prompt and its answer), and its slots in rising order."""

    ids: tuple[int, ...]
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class EmbeddedBatch:
    """What a causal LM takes in place of `input_ids`, padded to L.

    Args:
        inputs_embeds: (B, L, D), with gradient towards the fusion.
        attention_mask: (B, L) int64, 0 for padding.
        position_ids: (B, L) int64, counting real tokens from 0.
        token_ids: (B, L) int64, the id that stands there, `NO_TOKEN` for soft tokens and padding.
    """

    inputs_embeds: Tensor
    attention_mask: Tensor
    position_ids: Tensor
    token_ids: Tensor

    @property
    def inputs(self) -> dict[str, Tensor]:
        """Arguments of a forward pass; `generate` takes them without `position_ids`."""
        return {
            "inputs_embeds": self.inputs_embeds,
            "attention_mask": self.attention_mask,
            "position_ids": self.position_ids,
        }


def embed_prompts(
    embedding: nn.Module,
    prompts: Sequence[SlottedPrompt],
    soft: FusedBatch | Sequence[SoftTokens | None] | None,
    *,
    side: Literal["left", "right"] = "left",
) -> EmbeddedBatch:
    """Embeddings of B prompts with the soft tokens of B clips in their slots.

    Args:
        embedding: the LLM's input embeddings, `model.get_input_embeddings()`.
        prompts: with their slots.
        soft: a fusion's batch (training) or tokens of single clips (generation; None for a
            prompt without slots); None where no prompt has a slot. A track that has tokens but
            no slot in a prompt is left out.
        side: of the padding; generation needs "left".

    Raises:
        PromptError: not as many prompts as clips, an empty prompt, or tokens that are missing or
            not as wide as the embeddings.
    """
    if soft is not None:
        count = len(soft.tokens) if isinstance(soft, FusedBatch) else len(soft)
        if count != len(prompts):
            raise PromptError(f"There are {len(prompts)} prompts and soft tokens of {count} clips.")
    device = next(embedding.parameters()).device
    lengths = [len(prompt.ids) for prompt in prompts]
    ids = torch.tensor([i for p in prompts for i in p.ids], dtype=torch.int64, device=device)
    # One look-up: where embeddings learn, every look-up has a gradient as large as the table.
    words: Tensor = embedding(ids)
    parts = zip(prompts, torch.split(words, lengths), torch.split(ids, lengths), strict=True)
    rows = [_row(*part, soft, index) for index, part in enumerate(parts)]
    length = max(len(tokens) for _, tokens in rows)
    embeds, masks, names = [], [], []
    for vectors, tokens in rows:
        short = length - len(tokens)
        pad = (short, 0) if side == "left" else (0, short)
        embeds.append(nn.functional.pad(vectors, (0, 0, *pad)))
        names.append(nn.functional.pad(tokens, pad, value=NO_TOKEN))
        masks.append(nn.functional.pad(torch.ones_like(tokens), pad))
    mask = torch.stack(masks)
    positions = (mask.cumsum(dim=1) - 1).clamp(min=0)
    return EmbeddedBatch(torch.stack(embeds), mask, positions, torch.stack(names))


def _row(
    prompt: SlottedPrompt,
    words: Tensor,
    ids: Tensor,
    soft: FusedBatch | Sequence[SoftTokens | None] | None,
    index: int,
) -> tuple[Tensor, Tensor]:
    """(L, D) embeddings and (L,) ids of one prompt."""
    parts, names, done = [], [], 0
    for slot in prompt.slots:
        tokens = _tokens(soft, index, slot.track).to(words)
        if len(tokens) and tokens.shape[1] != words.shape[1]:
            raise PromptError(
                f"The soft tokens of '{slot.track}' are {tokens.shape[1]} wide, and the model's "
                f"embeddings {words.shape[1]}: the fusion was trained for another model."
            )
        parts += [words[done : slot.at], tokens]
        names += [ids[done : slot.at], ids.new_full((len(tokens),), NO_TOKEN)]
        done = slot.at
    whole = torch.cat([*parts, words[done:]])
    if not len(whole):
        raise PromptError("A prompt has no tokens at all; write at least one word.")
    return whole, torch.cat([*names, ids[done:]])


def _tokens(
    soft: FusedBatch | Sequence[SoftTokens | None] | None, index: int, track: str
) -> Tensor:
    if isinstance(soft, FusedBatch):
        return soft.of_track(index, track)
    given = None if soft is None else soft[index]
    if given is None:
        raise PromptError(f"The prompt has a slot for '{track}' and no soft tokens.")
    return torch.from_numpy(given.of_track(track))
