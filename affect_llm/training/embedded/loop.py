"""The training loop: weighted next-token loss on answers, beside the teacher's sentence vectors.

Logits are computed only where a token is learned: with a vocabulary of 20,000 and one learned
token in forty they would otherwise cost more than the rest of the model.
"""

import logging
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F
from transformers import LlamaForCausalLM

from affect_llm.training.embedded.examples import Example
from affect_llm.training.embedded.model import MeaningHead

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast to train.

    Args:
        tokens: how many to train on; the learning rate falls to 0 at the last.
        tokens_per_step: padded tokens in a batch.
        rate: peak learning rate; embeddings learn at `embedding_rate`.
        meaning: weight of the teacher's vectors beside the answer's loss.
        kept: share of an answer's plain tokens that a step learns, drawn anew each time; what
            decides the label is always learned. Logits over the whole vocabulary cost as much
            as the layers, so a step without most of them is nearly twice as fast.
    """

    tokens: int
    tokens_per_step: int = 6000
    rate: float = 1e-3
    embedding_rate: float = 4e-4
    warmup: float = 0.04
    weight_decay: float = 0.1
    embedding_dropout: float = 0.1
    meaning: float = 1.0
    kept: float = 0.4


def train(
    model: LlamaForCausalLM,
    epochs: Iterator[list[Example]],
    schedule: Schedule,
    targets: dict[str, Tensor],
    rng: random.Random,
) -> None:
    """Train until the budget is spent.

    Args:
        model: trained in place.
        epochs: fresh examples per epoch, without end.
        schedule: budget and rates.
        targets: sentence vectors by text; empty without a teacher.
        rng: shuffles batches.
    """
    head = MeaningHead()
    optimizer = _optimizer(model, head, schedule)
    start, seen = time.monotonic(), 0
    steps = (b for e in epochs for b in batches(e, schedule.tokens_per_step, rng))
    for step, batch in enumerate(steps):
        _set_rates(optimizer, schedule, seen / schedule.tokens)
        loss = _step(model, head, optimizer, batch, targets, schedule)
        seen += sum(len(example.ids) for example in batch)
        if step % 50 == 0:
            speed = seen / (time.monotonic() - start)
            log.info(
                "%3.0f %% · loss %.3f · %.0f tokens/s", 100 * seen / schedule.tokens, loss, speed
            )
        if seen >= schedule.tokens:
            return


def batches(
    examples: Sequence[Example], tokens_per_step: int, rng: random.Random
) -> list[list[Example]]:
    """Examples of like length together, no batch longer than the budget when padded, shuffled."""
    found: list[list[Example]] = [[]]
    for example in sorted(examples, key=lambda e: (len(e.ids), rng.random())):
        if found[-1] and len(example.ids) * (len(found[-1]) + 1) > tokens_per_step:
            found.append([])
        found[-1].append(example)
    rng.shuffle(found)
    return found


def _optimizer(
    model: LlamaForCausalLM, head: MeaningHead, schedule: Schedule
) -> torch.optim.Optimizer:
    table = model.model.embed_tokens.weight
    rest = [p for p in (*model.parameters(), *head.parameters()) if p is not table]
    groups = [
        {"params": [p for p in rest if p.dim() > 1], "scale": schedule.rate},
        {"params": [p for p in rest if p.dim() < 2], "scale": schedule.rate, "weight_decay": 0.0},
        {"params": [table], "scale": schedule.embedding_rate, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=schedule.weight_decay)


def _set_rates(optimizer: torch.optim.Optimizer, schedule: Schedule, done: float) -> None:
    factor = min(done / schedule.warmup, 0.5 * (1 + math.cos(math.pi * done)))
    for group in optimizer.param_groups:
        group["lr"] = group["scale"] * max(factor, 1e-3)


def _step(
    model: LlamaForCausalLM,
    head: MeaningHead,
    optimizer: torch.optim.Optimizer,
    batch: Sequence[Example],
    targets: dict[str, Tensor],
    schedule: Schedule,
) -> float:
    model.train()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden, weights, ids = _forward(model, batch, schedule.embedding_dropout)
        loss = _answer_loss(model, hidden, weights, ids, schedule.kept)
        loss = loss + schedule.meaning * _meaning_loss(head, hidden, batch, targets)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return float(loss.detach())


def _forward(
    model: LlamaForCausalLM, batch: Sequence[Example], dropout: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Hidden states (B, T, D), weights (B, T) and ids (B, T).

    Padded on the right, where causal attention never looks, so no mask is needed; without one
    attention takes its fast path.
    """
    length = max(len(example.ids) for example in batch)
    ids = torch.tensor([e.ids + [0] * (length - len(e.ids)) for e in batch])
    weights = torch.tensor([e.weights + [0.0] * (length - len(e.ids)) for e in batch])
    embedded = F.dropout(model.model.embed_tokens(ids), dropout)
    hidden = model.model(inputs_embeds=embedded, use_cache=False).last_hidden_state
    return hidden, weights, ids


def _answer_loss(
    model: LlamaForCausalLM, hidden: Tensor, weights: Tensor, ids: Tensor, kept: float
) -> Tensor:
    weights = weights[:, 1:]
    drawn = torch.rand_like(weights) < kept
    learned = (weights > 1) | ((weights > 0) & drawn)
    logits = model.lm_head(hidden[:, :-1][learned])
    losses = F.cross_entropy(logits.float(), ids[:, 1:][learned], reduction="none")
    return (losses * weights[learned]).sum() / weights[learned].sum()


def _meaning_loss(
    head: MeaningHead, hidden: Tensor, batch: Sequence[Example], targets: dict[str, Tensor]
) -> Tensor:
    rows = [i for i, e in enumerate(batch) if e.text is not None and e.text in targets]
    if not rows:
        return hidden.new_zeros(())
    at = torch.tensor([batch[i].label_at - 1 for i in rows])
    wanted = torch.stack([targets[batch[i].text or ""] for i in rows]).float()
    loss: Tensor = head(hidden[torch.tensor(rows), at], wanted)
    return loss
