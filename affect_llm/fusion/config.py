"""What a fusion is made of, as it is stored beside its weights."""

from typing import Literal, Self

from pydantic import Field, model_validator

from affect_llm.store.entries import SHA256
from affect_llm.types import Modality, Model

FUSION_SCHEMA: Literal["affect-llm/fusion@1"] = "affect-llm/fusion@1"
MIXED = "mixed"
"""Name of the track that holds the tokens of several others."""
Kind = Literal["linear", "mlp", "attention", "qformer", "prefusion"]


class TrackConfig(Model):
    """One input.

    Args:
        name: key of its features and of its slot in prompts.
        modality: the channel its features must come through.
        width: numbers in a row of its features.
        tokens: most tokens it gives; None for one per row ("linear" and "mlp" only).
        encoder: passport that its features must have; None to take any of the right width.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    modality: Modality
    width: int = Field(gt=0)
    tokens: int | None = Field(default=4, gt=0)
    encoder: str | None = None


class FusionConfig(Model):
    """A fusion.

    Args:
        kind: "linear" or "mlp" projects rows (or means over equal stretches of them);
            "attention" pools each stretch by softmax; "qformer" asks learned queries;
            "prefusion" is "attention" with a further track that mixes the others by learned
            weights over time.
        llm_width: D, of the LLM's embeddings.
        tracks: in the order their tokens stand.
        absent: what a missing track gives: no token, or one that was learned for it.
        hidden: width inside (all but "linear").
        layers: of the Q-Former.
        heads: of its attention.
        dropout: in training.
        mixed_tokens: most tokens of the mixed track ("prefusion").
        token_rms: root mean square that every token is scaled to at the start, best that of the
            LLM's embeddings; None leaves tokens as projected.
    """

    schema_version: Literal["affect-llm/fusion@1"] = FUSION_SCHEMA
    kind: Kind
    llm_width: int = Field(gt=0)
    tracks: tuple[TrackConfig, ...] = Field(min_length=1)
    absent: Literal["none", "learned"] = "none"
    hidden: int = Field(default=256, gt=0)
    layers: int = Field(default=2, gt=0)
    heads: int = Field(default=4, gt=0)
    dropout: float = Field(default=0.1, ge=0, lt=1)
    mixed_tokens: int = Field(default=4, gt=0)
    token_rms: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [track.name for track in self.tracks]
        if len(set(names)) != len(names):
            raise ValueError(f"tracks are named twice: {', '.join(names)}")
        if self.kind == "prefusion" and MIXED in names:
            raise ValueError(f"'{MIXED}' is the name of the track that prefusion adds")
        endless = [t.name for t in self.tracks if t.tokens is None]
        if endless and self.kind not in ("linear", "mlp"):
            raise ValueError(f"{self.kind} needs a number of tokens for {', '.join(endless)}")
        if self.kind == "qformer" and self.hidden % self.heads:
            raise ValueError(f"hidden {self.hidden} is not a multiple of heads {self.heads}")
        return self

    @property
    def track_names(self) -> tuple[str, ...]:
        """Names of all tracks that give tokens, in their order."""
        own = tuple(track.name for track in self.tracks)
        return (*own, MIXED) if self.kind == "prefusion" else own


class SavedFusion(Model):
    """The file beside the weights: the config, and the hash of the weights it belongs to."""

    fusion: FusionConfig
    sha256: str = Field(pattern=SHA256)
