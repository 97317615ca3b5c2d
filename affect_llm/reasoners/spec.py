"""What a reasoner says of itself before it is opened, and what our own ones say.

Nothing of theirs is imported here.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from affect_llm.errors import ConfigError

if TYPE_CHECKING:
    from affect_llm.config import Settings
    from affect_llm.reasoners.reasoner import Reasoner


@dataclass(frozen=True, slots=True)
class ReasonerSpec:
    """A reasoner's declaration: flags are checked by it, before anything heavy is imported.

    Args:
        name: in the registry, and of the reasoner that is opened.
        summary: one line for a person who chooses.
        opener: "module:function"; the function makes the reasoner from a run's settings.
        model: whether it takes the setting `model`, and whether it can do without.
        model_form: what `model` may be, where it is required.
        server: whether a running server answers for it.
        adapter: whether an adapter can be put on it.
        media: whether it looks at a clip and listens to it itself.
        shipped: name of the weights that come with the package; None where others bring them.
        cue_families: families of cues that it has learned to read; None for any.
    """

    name: str
    summary: str
    opener: str
    model: Literal["none", "optional", "required"] = "none"
    model_form: str = "a folder or a hub id"
    server: bool = False
    adapter: bool = False
    media: bool = False
    shipped: str | None = None
    cue_families: frozenset[str] | None = None

    def model_of(self, settings: "Settings") -> str:
        """The model that the settings name.

        Raises:
            ConfigError: they name none.
        """
        if settings.model is None:
            raise ConfigError(
                f"The reasoner '{self.name}' needs a checkpoint: set model to {self.model_form}."
            )
        return settings.model

    def open(self, settings: "Settings") -> "Reasoner":
        """The reasoner, loaded and ready to answer.

        Raises:
            MissingExtra: its packages are not installed.
            WeightsError: its weights are absent, corrupt, pickled or do not fit.
            CapabilityError: the checkpoint or the machine cannot do what is asked.
        """
        module, _, function = self.opener.partition(":")
        reasoner: Reasoner = getattr(import_module(module), function)(settings)
        return reasoner


EMBEDDED = ReasonerSpec(
    name="embedded",
    summary="the small model that comes with the package",
    opener="affect_llm.reasoners.local.embedded:open_embedded",
    adapter=True,
    shipped="embedded",
    cue_families=frozenset({"face", "voice", "speech", "scene"}),
)
TRANSFORMERS = ReasonerSpec(
    name="transformers",
    summary="any local checkpoint of a causal language model",
    opener="affect_llm.reasoners.local.causal_lm:open_causal_lm",
    model="required",
    adapter=True,
)
VLLM = ReasonerSpec(
    name="vllm",
    summary="a model that a running vLLM server serves",
    opener="affect_llm.reasoners.served.vllm_server:open_vllm_server",
    model="optional",
    server=True,
    adapter=True,
)
VLLM_ENGINE = ReasonerSpec(
    name="vllm-engine",
    summary="a model that vLLM runs in this process",
    opener="affect_llm.reasoners.served.vllm_engine:open_vllm_engine",
    model="required",
    model_form="a folder",
    adapter=True,
)
OPENAI = ReasonerSpec(
    name="openai",
    summary="a model behind an OpenAI-compatible server",
    opener="affect_llm.reasoners.served.openai:open_openai",
    model="optional",
    server=True,
)
OMNI = ReasonerSpec(
    name="omni",
    summary="a checkpoint that looks and listens itself",
    opener="affect_llm.reasoners.omni.omni:open_omni",
    model="required",
    model_form="a folder or a hub id of a model that takes pictures or sound",
    media=True,
)
FAKE = ReasonerSpec(
    name="fake",
    summary="made-up answers without a model, for tests and documentation",
    opener="affect_llm.reasoners.fake:open_fake",
)
