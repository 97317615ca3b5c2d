"""What a fusion is made of, as it is stored beside its weights."""

from collections.abc import Callable
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, SerializeAsAny, field_validator, model_serializer, model_validator

from affect_llm.fusion.registry import PROJECTORS
from affect_llm.store.entries import SHA256
from affect_llm.types import Modality, Model

MIXED = "mixed"
"""Name of the track that holds the tokens of several others."""


class TrackConfig(Model):
    """One input of a fusion: features of one encoder.

    Args:
        name: key of its features and of its slot in prompts.
        modality: the channel its features must come through.
        width: numbers in a row of its features.
        tokens: most tokens it gives; None for one per row, where the kind of fusion allows it.
        encoder: provenance that its features must have; None to take any of the right width.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    modality: Modality
    width: int = Field(gt=0)
    tokens: int | None = Field(default=4, gt=0)
    encoder: str | None = None


class FusionOptions(Model):
    """What a kind of fusion can be told; each kind has a subclass with its own fields.

    Attributes:
        per_row: whether a track may give one token per row.
    """

    per_row: ClassVar[bool] = False

    @property
    def mixed(self) -> int:
        """Most tokens of the further track that mixes the others; 0 where there is none."""
        return 0


class ShippedOptions(FusionOptions):
    """The numbers that every shipped kind stores, also those that it does not use.

    Args:
        hidden: width inside (all but "linear").
        layers: blocks of the Q-Former.
        heads: attention heads of the Q-Former.
        dropout: share of the inner numbers that a training step does not see.
        mixed_tokens: most tokens of the mixed track ("prefusion").
    """

    hidden: int = Field(default=256, gt=0)
    layers: int = Field(default=2, gt=0)
    heads: int = Field(default=4, gt=0)
    dropout: float = Field(default=0.1, ge=0, lt=1)
    mixed_tokens: int = Field(default=4, gt=0)


class WithOptions(Model):
    """A model with a `kind` and its `options`, which are stored flat among its other keys.

    The class that the kind itself names checks them: a kind from outside brings its own.
    """

    @field_validator("kind", check_fields=False)
    @classmethod
    def _known(cls, kind: str) -> str:
        if kind not in PROJECTORS.names():
            raise ValueError(f"it is not one of {', '.join(PROJECTORS.names())}")
        return kind

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "options" in given:
            return given
        fields = cls.model_fields
        kind = given.get("kind", fields["kind"].default)
        if kind not in PROJECTORS.names():
            return {key: value for key, value in given.items() if key in fields}
        options = {key: value for key, value in given.items() if key not in fields}
        checked = PROJECTORS.get(kind).options_type.model_validate(options)
        return {key: given[key] for key in given if key in fields} | {"options": checked}

    @model_serializer(mode="wrap")
    def _flattened(self, dump: Callable[[Self], dict[str, Any]]) -> dict[str, Any]:
        flat: dict[str, Any] = {}
        for key, value in dump(self).items():
            flat |= value if key == "options" else {key: value}
        return flat


class FusionConfig(WithOptions):
    """A fusion.

    Args:
        kind: name in `fusion.registry.PROJECTORS`; docs/encoders.md has what each shipped one does.
        llm_width: D, of the LLM's embeddings.
        tracks: in the order their tokens stand.
        absent: what a missing track gives: no token, or one that was learned for it.
        options: of that kind, see `WithOptions`.
        token_rms: root mean square that every token is scaled to at the start, best that of the
            LLM's embeddings; None leaves tokens as projected.
    """

    schema_version: Literal["affect-llm/fusion@1"] = "affect-llm/fusion@1"
    kind: str
    llm_width: int = Field(gt=0)
    tracks: tuple[TrackConfig, ...] = Field(min_length=1)
    absent: Literal["none", "learned"] = "none"
    options: SerializeAsAny[FusionOptions] = FusionOptions()
    token_rms: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [track.name for track in self.tracks]
        if len(set(names)) != len(names):
            raise ValueError(f"tracks are named twice: {', '.join(names)}")
        if self.options.mixed and MIXED in names:
            raise ValueError(f"'{MIXED}' is the name of the track that {self.kind} adds")
        endless = [t.name for t in self.tracks if t.tokens is None]
        if endless and not self.options.per_row:
            raise ValueError(f"{self.kind} needs a number of tokens for {', '.join(endless)}")
        return self

    @property
    def track_names(self) -> tuple[str, ...]:
        """Names of all tracks that give tokens, in their order."""
        given = tuple(track.name for track in self.tracks)
        return (*given, MIXED) if self.options.mixed else given


class SavedFusion(Model):
    """The file beside the weights: the config, and the hash of the weights it belongs to."""

    fusion: FusionConfig
    sha256: str = Field(pattern=SHA256)
