"""What a frozen sentence encoder (all-MiniLM-L6-v2) can lend to a model that starts from nothing.

Two things: where each vocabulary entry lies in meaning, as the first embeddings (the idea of
Model2Vec: run the encoder on every token by itself), and the meaning of each training text, as
a target beside the label. Neither is needed at inference.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerBase

_BATCH = 128
_MAX_TOKENS = 96
EMBEDDING_SD = 0.03
"""About what a Llama of this width is initialised with, so that other layers start as usual."""


class SentenceTeacher:
    """A frozen encoder; `folder` holds its safetensors and tokenizer."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self._model = AutoModel.from_pretrained(folder, dtype=torch.bfloat16).eval()

    @torch.inference_mode()
    def encode(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors (N, D) float32, mean-pooled over tokens, in the order of `texts`."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        found = [
            (i, vector)
            for start in range(0, len(order), _BATCH)
            for i, vector in zip(
                order[start : start + _BATCH],
                self._pooled([texts[i] for i in order[start : start + _BATCH]]),
                strict=True,
            )
        ]
        return torch.stack([vector for _, vector in sorted(found, key=lambda pair: pair[0])])

    def _pooled(self, texts: list[str]) -> Tensor:
        batch = self._tokenizer(
            texts, padding=True, truncation=True, max_length=_MAX_TOKENS, return_tensors="pt"
        )
        hidden = self._model(**batch).last_hidden_state.float()
        mask = batch["attention_mask"][..., None]
        return torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)


def token_embeddings(teacher: SentenceTeacher, tokenizer: PreTrainedTokenizerBase) -> Tensor:
    """First embeddings (V, D) for every entry of `tokenizer`; random where it spells no text.

    They are centred and have the standard deviation `EMBEDDING_SD`.
    """
    texts = [str(tokenizer.decode([i])).strip().lower() for i in range(len(tokenizer))]
    generator = torch.Generator().manual_seed(0)
    readable = [i for i, text in enumerate(texts) if text and "\ufffd" not in text]
    vectors = teacher.encode([texts[i] for i in readable])
    vectors = vectors - vectors.mean(0)
    table = torch.randn(len(texts), vectors.shape[1], generator=generator) * EMBEDDING_SD
    table[readable] = vectors / vectors.std() * EMBEDDING_SD
    return table
