"""The road that a run takes to its model, and whether the model can take it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from affect_llm.adapters.folder import Adapter, open_adapter
from affect_llm.config import Settings
from affect_llm.errors import CapabilityError, ConfigError
from affect_llm.pipeline.clip_media import MEDIA_TRACKS, MediaReader
from affect_llm.pipeline.clips import Part
from affect_llm.prompting.reason import reason_prompt
from affect_llm.reasoners.reasoner import Reasoner
from affect_llm.reasoners.registry import names_where, reasoner_spec
from affect_llm.types import Prompt, Road

if TYPE_CHECKING:
    from affect_llm.adapters.projector import Projector


@dataclass(frozen=True, slots=True)
class OpenRoad:
    """A road, and what makes its soft tokens.

    Args:
        road: the one that is taken.
        projector: None on the text road, and where the model looks and listens itself.
        media: what it is handed then; None for every other model.
    """

    road: Road
    projector: "Projector | None" = None
    media: MediaReader | None = None

    @property
    def hides_cues(self) -> bool:
        """Whether sentences have to be chosen, because who answers has not seen all cues."""
        return self.road == "projected"

    def question(self, part: Part, labels: tuple[str, ...]) -> Prompt:
        """What the model is asked of a part, soft tokens included."""
        if self.media is not None and part.media is not None:
            prompt = reason_prompt(part.sheet, labels, MEDIA_TRACKS, self.road)
            return replace(prompt, media=part.media)
        if self.projector is None:
            return reason_prompt(part.sheet, labels)
        prompt = reason_prompt(part.sheet, labels, self.projector.tracks, self.road)
        return replace(prompt, soft_tokens=self.projector.soft_tokens(part.features or {}))

    def shown_to(self, reasoner: Reasoner, settings: Settings) -> "OpenRoad":
        """The road to a reasoner that may look and listen itself; for every other one this one.

        Both the clip and its cues are shown unless the settings say otherwise; on the road
        "projected" the clip stands in for the cues of face and voice.
        """
        if "media" not in reasoner.capabilities or settings.road == "text":
            return self
        road: Road = "both" if settings.road == "auto" else settings.road
        modalities = frozenset(settings.modalities)
        return OpenRoad(road, media=MediaReader(settings.omni, reasoner.media_tracks, modalities))

    def require(self, reasoner: Reasoner) -> None:
        """Refuse a reasoner that cannot take the road.

        Raises:
            CapabilityError: it reads no soft tokens, or could only write of cues that it is not
                shown.
        """
        if self.projector is None:
            return
        if "soft_tokens" not in reasoner.capabilities:
            raise CapabilityError(
                f"The reasoner '{reasoner.name}' reads no soft tokens, which the road "
                f"'{self.road}' needs. Use road = 'text', or --reasoner {_adaptable()} with the "
                "adapter."
            )
        if self.hides_cues and not {"label_logprobs", "constrained"} <= reasoner.capabilities:
            raise CapabilityError(
                f"The reasoner '{reasoner.name}' cannot choose among given sentences, which the "
                "road 'projected' needs because cues are hidden there. Use road = 'both'."
            )


def open_road(settings: Settings) -> OpenRoad:
    """The road that the settings name, ready to be taken.

    Raises:
        ConfigError: the adapter, or its absence, does not go with that road or the reasoner.
        WeightsError: the adapter is not whole, or an encoder's checkpoint is not there.
        MissingExtra: a package is not installed.
    """
    adapter = None
    if settings.adapter is not None:
        if not reasoner_spec(settings.reasoner).adapter:
            raise ConfigError(
                f"The reasoner '{settings.reasoner}' takes no adapter. Use --reasoner "
                f"{_adaptable()}, or leave the adapter out."
            )
        adapter = open_adapter(Path(settings.adapter))
    road = _road(settings, adapter)
    if adapter is None or road == "text":
        return OpenRoad(road)
    from affect_llm.adapters.projector import open_projector
    from affect_llm.encoders.cache import FeatureCache

    return OpenRoad(road, open_projector(adapter, FeatureCache(), settings.device))


def _adaptable() -> str:
    """The reasoners that take an adapter, as words for a sentence."""
    return names_where(lambda spec: spec.adapter)


def _road(settings: Settings, adapter: Adapter | None) -> Road:
    if reasoner_spec(settings.reasoner).media:
        return "both" if settings.road == "auto" else settings.road
    if settings.road == "auto":
        return "text" if adapter is None else adapter.manifest.road
    if settings.road != "text" and (adapter is None or adapter.manifest.fusion is None):
        lacks = "none is given" if adapter is None else f"'{adapter.manifest.name}' has none"
        raise ConfigError(
            f"The road '{settings.road}' needs an adapter with a projector, and {lacks}. Use "
            "road = 'text', or train one with: affect-llm train sft --road projected."
        )
    return settings.road
