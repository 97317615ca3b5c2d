"""A batch of sequences in one key-value cache, each free to grow by its own number of tokens."""

from collections.abc import Sequence
from typing import Any, cast

import torch

from affect_llm.fusion.slots import SlottedPrompt, embed_prompts
from affect_llm.reasoners.local.llama import empty_cache
from affect_llm.types import SoftTokens


class BatchState:
    """Feeds tokens to a causal LM and remembers them.

    Rows are left-padded, also within a step, so that the last column always holds each row's
    newest token; padding is masked for good and positions count real tokens only.

    Args:
        model: a transformers causal LM, or our own `Llama`.
        rows: how many sequences.
        pad: id that fills the gaps; never attended to.
    """

    def __init__(self, model: Any, rows: int, pad: int, device: str) -> None:
        self.model = model
        self.pad = pad
        self.device = device
        self.cache = empty_cache(model)
        self.mask = torch.zeros((rows, 0), dtype=torch.long, device=device)

    @property
    def lengths(self) -> torch.Tensor:
        """How many real tokens each row has so far, (rows,)."""
        return self.mask.sum(1)

    def feed(self, tokens: Sequence[Sequence[int]]) -> torch.Tensor:
        """Append each row's `tokens`; float32 logits after the last column, (rows, vocabulary).

        The logits of a row that was given nothing mean nothing.
        """
        width = max(len(row) for row in tokens)
        ids = torch.tensor([[self.pad] * (width - len(row)) + list(row) for row in tokens])
        new = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in tokens])
        return self._forward(new, input_ids=ids.to(self.device))

    def feed_prompts(
        self, prompts: Sequence[SlottedPrompt], soft: Sequence[SoftTokens | None]
    ) -> torch.Tensor:
        """Append each row's prompt, with soft tokens in its slots where it has any; see `feed`."""
        if not any(prompt.slots for prompt in prompts):
            return self.feed([prompt.ids for prompt in prompts])
        batch = embed_prompts(self.model.get_input_embeddings(), prompts, soft)
        return self._forward(batch.attention_mask, inputs_embeds=batch.inputs_embeds)

    def _forward(self, new: torch.Tensor, **inputs: torch.Tensor) -> torch.Tensor:
        positions = (self.lengths[:, None] + new.to(self.device).cumsum(1) - 1).clamp(min=0)
        self.mask = torch.cat([self.mask, new.to(self.device)], dim=1)
        output = self.model(
            **inputs,
            attention_mask=self.mask,
            position_ids=positions,
            past_key_values=self.cache,
            use_cache=True,
            logits_to_keep=1,
        )
        return cast(torch.Tensor, output.logits[:, -1].float())

    def branch(self, trees: Sequence[Sequence[tuple[int, ...]]]) -> torch.Tensor:
        """Logits at every node of each row's tree, (rows, nodes, vocabulary), then forget them.

        A node is the path of tokens to it; it attends to the row's tokens and its ancestors
        (tree attention, Miao et al. 2024, arXiv 2305.09781, section 4.2).
        """
        width = max(len(tree) for tree in trees)
        ids = torch.full((len(trees), width), self.pad)
        depth = torch.zeros((len(trees), width), dtype=torch.long)
        # Padding sees itself: a row of scores with nothing to see would be no numbers.
        seen = torch.eye(width, dtype=torch.bool).repeat(len(trees), 1, 1)
        for row, tree in enumerate(trees):
            for n, path in enumerate(tree):
                ids[row, n], depth[row, n] = path[-1], len(path) - 1
                for m, other in enumerate(tree):
                    seen[row, n, m] = path[: len(other)] == other
        context = self.mask.bool()[:, None, :].expand(-1, width, -1)
        hidden = ~torch.cat([context, seen.to(self.device)], dim=2)[:, None]
        blank = torch.zeros(hidden.shape, dtype=self.model.dtype, device=self.device)
        output = self.model(
            input_ids=ids.to(self.device),
            # What is added to attention scores: nothing where a node sees, else the least number.
            attention_mask=blank.masked_fill(hidden, torch.finfo(self.model.dtype).min),
            position_ids=self.lengths[:, None] + depth.to(self.device),
            past_key_values=self.cache,
            use_cache=True,
        )
        self.cache.crop(-width)
        return cast(torch.Tensor, output.logits.float())

    @property
    def width(self) -> int:
        """Columns so far, padding included."""
        return self.mask.shape[1]

    def rewind(self, width: int) -> None:
        """Forget all columns behind the first `width`."""
        self.cache.crop(width - self.width)
        self.mask = self.mask[:, :width]

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows alone, in this order."""
        chosen = torch.tensor(rows, device=self.device)
        self.cache.batch_select_indices(chosen)
        self.mask = self.mask[chosen]
