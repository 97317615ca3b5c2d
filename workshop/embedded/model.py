"""The embedded reasoner: a Llama that stock transformers, peft and vLLM load, and its losses."""

from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor, nn
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerBase

from affect_llm.training.loop.batches import Batch
from affect_llm.training.loop.loss import answer_loss, embedded_rows
from affect_llm.training.loop.trainer import Learner
from workshop.embedded.tokenizer import MAX_TOKENS

WIDTH = 384
LAYERS = 6
HEADS = 6
"""Heads of 64: vLLM's CPU attention refuses less than 32."""
INNER = 1024


def new_model(
    tokenizer: PreTrainedTokenizerBase, embeddings: Tensor | None = None, *, dropout: float = 0.0
) -> LlamaForCausalLM:
    """An untrained model of about 18 M parameters; float32.

    Args:
        tokenizer: its vocabulary.
        embeddings: first token embeddings (V, `WIDTH`); random without them.
        dropout: in attention, which keeps it from its fast path.
    """
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=INNER,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        num_key_value_heads=HEADS,
        max_position_embeddings=MAX_TOKENS,
        tie_word_embeddings=True,
        attention_dropout=dropout,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
    )
    model = LlamaForCausalLM(config)
    if embeddings is not None:
        with torch.no_grad():
            model.model.embed_tokens.weight.copy_(embeddings)
    return model


class PretrainingModel(Learner):
    """A causal LM that learns answers, and beside them what its teacher makes of the texts.

    Args:
        llm: all of whose weights learn.
        targets: a teacher's sentence vectors (`D`,) by text; empty without a teacher.
        embedding_dropout: in training.
        meaning: weight of the teacher's vectors beside the answer's loss.
    """

    def __init__(
        self,
        llm: LlamaForCausalLM,
        targets: Mapping[str, Tensor],
        *,
        embedding_dropout: float = 0.0,
        meaning: float = 0.0,
    ) -> None:
        super().__init__()
        self.llm = llm
        self.targets = targets
        self.dropout = nn.Dropout(embedding_dropout)
        self.meaning = meaning
        size = len(next(iter(targets.values()), ()))
        self.head = MeaningHead(llm.config.hidden_size, size) if targets else None
        self._learned = frozenset(name for name, _ in self.named_parameters())

    def forward(self, batch: Batch) -> Tensor:
        """Weighted sum of the losses of a batch, float32.

        The teacher's part weighs as much as the batch's answers do, so that it is a mean once
        the trainer has divided by their weights.
        """
        rows, weights = embedded_rows(batch, self.llm.get_input_embeddings(), None)
        rows = replace(rows, inputs_embeds=self.dropout(rows.inputs_embeds))
        at = [i for i, e in enumerate(batch.examples) if e.key in self.targets]
        if self.head is None or not at:
            return answer_loss(self.llm, rows, weights)[0]
        loss, output = answer_loss(self.llm, rows, weights, output_hidden_states=True)
        before = [batch.examples[i].begins - 1 for i in at]
        wanted = torch.stack([self.targets[batch.examples[i].key] for i in at])
        distance = self.head(output.hidden_states[-1][at, before], wanted.to(loss))
        whole: Tensor = loss + self.meaning * batch.learned * distance
        return whole

    def is_learned(self, name: str) -> bool:
        """Every parameter, those that share their numbers once."""
        return name in self._learned


class MeaningHead(nn.Module):
    """Hidden state where the label is decided → the teacher's sentence vector; training only.

    Args:
        width: of the hidden state.
        size: of the vector.
    """

    def __init__(self, width: int, size: int) -> None:
        super().__init__()
        self.project = nn.Linear(width, size)

    def forward(self, hidden: Tensor, target: Tensor) -> Tensor:
        """Mean of 1 - cosine over pairs (N, `width`) and (N, `size`)."""
        return (1 - nn.functional.cosine_similarity(self.project(hidden), target)).mean()
