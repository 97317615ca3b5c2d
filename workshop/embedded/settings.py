"""Everything that the embedded model's pre-training can be told."""

from pydantic import Field

from affect_llm.types import Model


class PretrainingSettings(Model):
    """How much to train, and how fast.

    Args:
        text_tokens: budget of the first stage; the rates fall to 0 at its end.
        clip_tokens: budget of the second stage.
        clips: composed per epoch of the second stage, all of them new.
        texts: label examples mixed into each such epoch.
        foreign: share of the texts that are not English.
        step_tokens: in a step, padding included.
        text_rate: peak learning rate of the first stage; embeddings learn at `embedding_rate`.
        clip_rate: peak learning rate of the second stage.
        warmup: share of a stage in which the rates rise; then a cosine.
        weight_decay: of matrices, without the embeddings.
        embedding_dropout: share of the embeddings' numbers that a step does not see.
        meaning: weight of the teacher's vectors beside the answer's loss.
        kept: share of an answer's plain tokens that a step learns, drawn anew each time; what
            decides the label is always learned. Logits over the whole vocabulary cost as much
            as the layers, so a step without most of them is nearly twice as fast.
        save_steps: steps between checkpoints.
        seed: of every draw.
    """

    text_tokens: int = Field(default=5_000_000, gt=0)
    clip_tokens: int = Field(default=8_000_000, gt=0)
    clips: int = Field(default=4_500, ge=0)
    texts: int = Field(default=27_000, ge=0)
    foreign: float = Field(default=0.2, ge=0, le=1)
    step_tokens: int = Field(default=6000, gt=0)
    text_rate: float = Field(default=1e-3, gt=0)
    clip_rate: float = Field(default=8e-4, gt=0)
    embedding_rate: float = Field(default=4e-4, gt=0)
    warmup: float = Field(default=0.04, ge=0, lt=1)
    weight_decay: float = Field(default=0.1, ge=0)
    embedding_dropout: float = Field(default=0.1, ge=0, lt=1)
    meaning: float = Field(default=1.0, ge=0)
    kept: float = Field(default=0.4, gt=0, le=1)
    save_steps: int = Field(default=100, gt=0)
    seed: int = Field(default=0, ge=0)
