"""Arousal, dominance and valence from speech: a wav2vec 2.0 with a regression head of its own.

Source: Wagner et al. 2023, "Dawn of the Transformer Era in Speech Emotion Recognition", TPAMI.
Tensor names are those of the published checkpoint.
"""

import torch
from torch import Tensor, nn
from transformers import Wav2Vec2Config, Wav2Vec2Model, Wav2Vec2PreTrainedModel


class RegressionHead(nn.Module):
    """A dense layer, tanh and a linear layer, with dropout before each.

    Args:
        config: gives hidden_size, final_dropout and num_labels.
    """

    def __init__(self, config: Wav2Vec2Config) -> None:
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.dropout = nn.Dropout(config.final_dropout)
        self.out_proj = nn.Linear(config.hidden_size, len(config.id2label or {}))

    def forward(self, pooled: Tensor) -> Tensor:
        """(B, hidden) to (B, labels)."""
        x = torch.tanh(self.dense(self.dropout(pooled)))
        return torch.as_tensor(self.out_proj(self.dropout(x)))


class AffectModel(Wav2Vec2PreTrainedModel):  # type: ignore[no-untyped-call]
    """A wav2vec 2.0 whose mean over time goes into a regression head."""

    def __init__(self, config: Wav2Vec2Config) -> None:
        super().__init__(config)
        self.wav2vec2 = Wav2Vec2Model(config)
        self.classifier = RegressionHead(config)
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(self, input_values: Tensor) -> tuple[Tensor, Tensor]:
        """(B, samples) normalised sound to pooled states (B, hidden) and scores (B, labels)."""
        pooled = self.wav2vec2(input_values).last_hidden_state.mean(dim=1)
        return pooled, self.classifier(pooled)
