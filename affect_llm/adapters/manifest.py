"""`manifest.json`: what an adapter belongs to."""

from hashlib import sha256
from typing import Literal, Self

from pydantic import Field, model_validator

from affect_llm.errors import PromptError, WeightsError
from affect_llm.prompting.files import prompt_file
from affect_llm.store.entries import SHA256
from affect_llm.types import Model, Road


class BaseModelRef(Model):
    """The model that an adapter was trained on.

    Args:
        reasoner: the one that opens it, "embedded" or "transformers".
        name: folder name or hub id, for people.
        revision: that of the hub; "local" for a folder.
        weights: first 12 hexadecimal digits of its weights' sha256, as in a provenance.
    """

    reasoner: str
    name: str
    revision: str
    weights: str = Field(pattern=r"^[0-9a-f]{12}$")

    @classmethod
    def of_provenance(cls, reasoner: str, provenance: str) -> Self:
        """The model behind a provenance, `name@revision#hash`."""
        name, _, rest = provenance.rpartition("@")
        revision, _, weights = rest.partition("#")
        return cls(reasoner=reasoner, name=name, revision=revision, weights=weights)

    @property
    def provenance(self) -> str:
        """Where it comes from, as `name@revision#hash`."""
        return f"{self.name}@{self.revision}#{self.weights}"


class TrackEncoder(Model):
    """How the features of a track are made.

    Args:
        track: its name in the fusion, and in its slot in the prompt.
        encoder: name in `encoders.registry`.
        options: those that it was opened with ("checkpoint", "layers", "pool" …).
        passport: the provenance that it must state; another one is refused.
    """

    track: str
    encoder: str
    options: dict[str, object] = Field(default_factory=dict)
    passport: str


class AdapterDescription(Model):
    """What an adapter is, known before its files are written.

    Args:
        name: that of the adapter.
        base: the model it belongs on.
        prompt: provenance of the prompt that it was trained with (`id@version#digest`).
        road: what it was shown in training.
        tracks: encoders of the fusion's tracks, in its order; empty on the text road.
        affect_llm: version that trained it.
    """

    name: str = Field(pattern=r"^[\w.+ -]{1,80}$")
    base: BaseModelRef
    prompt: str = Field(pattern=r"^[a-z][a-z0-9_]*@\d+#[0-9a-f]{12}$")
    road: Road
    tracks: tuple[TrackEncoder, ...] = ()
    affect_llm: str


class AdapterManifest(AdapterDescription):
    """An adapter's description with the hashes of its files.

    Args:
        lora: sha256 of `adapter_model.safetensors`; None where none was trained.
        fusion: sha256 of `fusion/fusion.safetensors`; None where none was trained.
        configs: sha256 of the small files that say how to use those two, by their path.
    """

    schema_version: Literal["affect-llm/adapter@1"] = "affect-llm/adapter@1"
    lora: str | None = Field(default=None, pattern=SHA256)
    fusion: str | None = Field(default=None, pattern=SHA256)
    configs: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.lora is None and self.fusion is None:
            raise ValueError("an adapter has a LoRA, a projector or both")
        if (self.road == "text") != (self.fusion is None):
            raise ValueError(f"the road '{self.road}' does not go with fusion={self.fusion!r}")
        if bool(self.tracks) != (self.fusion is not None):
            raise ValueError("a projector names the encoders of its tracks, and nothing else does")
        return self

    @property
    def provenance(self) -> str:
        """Where it comes from, as `name@1#hash` with the hash over those of its weights."""
        digest = sha256(f"{self.lora} {self.fusion}".encode()).hexdigest()
        return f"{self.name}@1#{digest[:12]}"


def require_base(manifest: AdapterManifest, provenance: str) -> None:
    """Refuse a base model that the adapter was not trained on.

    Raises:
        WeightsError: the weights of the model behind `provenance` are others.
    """
    weights = provenance.rpartition("#")[2]
    if weights != manifest.base.weights:
        raise WeightsError(
            f"The adapter '{manifest.name}' was trained on {manifest.base.provenance} and cannot "
            f"go on {provenance}. Load that model (--reasoner {manifest.base.reasoner}), or train "
            "an adapter for this one with: affect-llm train sft."
        )


def require_prompt(manifest: AdapterManifest) -> None:
    """Refuse to ask with another prompt than the one that the adapter learned.

    Raises:
        WeightsError: this version has another text under that prompt's id, or none.
    """
    name = manifest.prompt.partition("@")[0]
    try:
        current = prompt_file(name).provenance
    except PromptError:
        current = f"none called '{name}'"
    if current != manifest.prompt:
        raise WeightsError(
            f"The adapter '{manifest.name}' was trained with the prompt {manifest.prompt}, and "
            f"this version asks with {current}. Use affect-llm {manifest.affect_llm}, or train "
            "it again."
        )
