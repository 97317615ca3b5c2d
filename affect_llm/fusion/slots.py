"""Soft tokens in their named places among a prompt's tokens, in training and in generation.

A prompt's text holds markers ("<|soft:voice|>"); `split_at_slots` turns it into token ids and
places, so that no marker is ever tokenised; `embed_prompts` puts the tokens of each track in.
A slot whose track has no tokens takes no room. Padding is masked, and positions count real
tokens only, so that a prompt gives the same logits alone and in a batch, padded left or right.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

from affect_llm.errors import PromptError
from affect_llm.fusion.fused import FusedBatch
from affect_llm.types import SoftTokens

NO_TOKEN = -100
"""Stands in `token_ids` where there is no token of the vocabulary; losses of torch skip it."""
_MARKER = re.compile(r"<\|soft:([a-z][a-z0-9_-]*)\|>")


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


def split_at_slots(text: str, tracks: Sequence[str], tokenizer: Any) -> SlottedPrompt:
    """Tokenise a prompt's text around its markers.

    Args:
        text: with special tokens where they belong, as a chat template gives it.
        tracks: all that may have a slot; each must have at most one.
        tokenizer: of transformers.

    Raises:
        PromptError: a marker of a track that does not exist, or one that occurs twice.
    """
    ids: list[int] = []
    slots: list[Slot] = []
    end = 0
    for match in _MARKER.finditer(text):
        _check_slot(match[1], tracks, slots)
        ids += _plain(text[end : match.start()], tokenizer)
        slots.append(Slot(match[1], len(ids)))
        end = match.end()
    ids += _plain(text[end:], tokenizer)
    return SlottedPrompt(tuple(ids), tuple(slots))


def embed_prompts(
    embedding: nn.Module,
    prompts: Sequence[SlottedPrompt],
    soft: FusedBatch | Sequence[SoftTokens | None],
    *,
    side: Literal["left", "right"] = "left",
) -> EmbeddedBatch:
    """Embeddings of B prompts with the soft tokens of B clips in their slots.

    Args:
        embedding: the LLM's input embeddings, `model.get_input_embeddings()`.
        prompts: as `split_at_slots` gives them.
        soft: a fusion's batch (training) or tokens of single clips (generation; None for a
            prompt without slots); a track that has tokens but no slot in a prompt is left out.
        side: of the padding; generation needs "left".

    Raises:
        PromptError: not as many prompts as clips, an empty prompt, or tokens that are missing or
            not as wide as the embeddings.
    """
    count = len(soft.tokens) if isinstance(soft, FusedBatch) else len(soft)
    if count != len(prompts):
        raise PromptError(f"There are {len(prompts)} prompts and soft tokens of {count} clips.")
    rows = [_row(embedding, prompt, soft, index) for index, prompt in enumerate(prompts)]
    return _padded(rows, side)


def _row(
    embedding: nn.Module,
    prompt: SlottedPrompt,
    soft: FusedBatch | Sequence[SoftTokens | None],
    index: int,
) -> tuple[Tensor, Tensor]:
    """(L, D) embeddings and (L,) ids of one prompt."""
    weight = next(embedding.parameters())
    ids = torch.tensor(prompt.ids, dtype=torch.int64, device=weight.device)
    words: Tensor = embedding(ids)
    parts, names, done = [], [], 0
    for slot in prompt.slots:
        tokens = _tokens(soft, index, slot.track).to(words)
        _check_width(tokens, words, slot.track)
        parts += [words[done : slot.at], tokens]
        names += [ids[done : slot.at], ids.new_full((len(tokens),), NO_TOKEN)]
        done = slot.at
    whole = torch.cat([*parts, words[done:]])
    if not len(whole):
        raise PromptError("A prompt has no tokens at all; write at least one word.")
    return whole, torch.cat([*names, ids[done:]])


def _tokens(soft: FusedBatch | Sequence[SoftTokens | None], index: int, track: str) -> Tensor:
    if isinstance(soft, FusedBatch):
        return soft.of_track(index, track)
    own = soft[index]
    if own is None:
        raise PromptError(f"The prompt has a slot for '{track}' and no soft tokens.")
    return torch.from_numpy(own.of_track(track))


def _padded(rows: Sequence[tuple[Tensor, Tensor]], side: str) -> EmbeddedBatch:
    length = max(len(ids) for _, ids in rows)
    embeds, masks, names = [], [], []
    for vectors, ids in rows:
        short = length - len(ids)
        pad = (short, 0) if side == "left" else (0, short)
        embeds.append(nn.functional.pad(vectors, (0, 0, *pad)))
        names.append(nn.functional.pad(ids, pad, value=NO_TOKEN))
        masks.append(nn.functional.pad(torch.ones_like(ids), pad))
    mask = torch.stack(masks)
    positions = (mask.cumsum(dim=1) - 1).clamp(min=0)
    return EmbeddedBatch(torch.stack(embeds), mask, positions, torch.stack(names))


def _plain(text: str, tokenizer: Any) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False)["input_ids"]) if text else []


def _check_slot(track: str, tracks: Sequence[str], slots: Sequence[Slot]) -> None:
    if track not in tracks:
        raise PromptError(
            f"The prompt has a slot for '{track}', and the fusion has the tracks "
            f"{', '.join(tracks)}."
        )
    if any(slot.track == track for slot in slots):
        raise PromptError(f"The prompt has two slots for '{track}'; one is allowed.")


def _check_width(tokens: Tensor, words: Tensor, track: str) -> None:
    if len(tokens) and tokens.shape[1] != words.shape[1]:
        raise PromptError(
            f"The soft tokens of '{track}' are {tokens.shape[1]} wide, and the model's embeddings "
            f"{words.shape[1]}: the fusion was trained for another model."
        )
