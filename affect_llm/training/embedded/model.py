"""The embedded reasoner's shape: a Llama that stock transformers, peft and vLLM load."""

import torch
from torch import Tensor, nn
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerBase

from affect_llm.training.embedded.tokenizer import MAX_TOKENS

WIDTH = 384
LAYERS = 6
HEADS = 6
"""Heads of 64: vLLM's CPU attention refuses less than 32."""
INNER = 1024


def new_model(tokenizer: PreTrainedTokenizerBase, embeddings: Tensor | None) -> LlamaForCausalLM:
    """An untrained model of about 18 M parameters; float32.

    Args:
        tokenizer: its vocabulary.
        embeddings: first token embeddings (V, `WIDTH`); random without them.
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
        attention_dropout=0.1,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
    )
    model = LlamaForCausalLM(config)
    if embeddings is not None:
        with torch.no_grad():
            model.model.embed_tokens.weight.copy_(embeddings)
    return model


class MeaningHead(nn.Module):
    """Hidden state where the label is decided → the teacher's sentence vector; training only."""

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(WIDTH, WIDTH)

    def forward(self, hidden: Tensor, target: Tensor) -> Tensor:
        """Mean of 1 - cosine over (N, `WIDTH`) pairs."""
        return (1 - nn.functional.cosine_similarity(self.project(hidden), target)).mean()
