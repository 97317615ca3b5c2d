"""An adapter's projector, ready to use: clip → features → soft tokens."""

from typing import TYPE_CHECKING

from affect_llm.adapters.folder import FUSION_CONFIG, Adapter
from affect_llm.adapters.tracks import TrackFeatures, TrackReader, open_encoders
from affect_llm.encoders.cache import FeatureCache
from affect_llm.errors import ConfigError, WeightsError
from affect_llm.fusion.config import FusionConfig, SavedFusion
from affect_llm.prompting.reason import Tracks
from affect_llm.types import SoftTokens

if TYPE_CHECKING:
    from affect_llm.fusion.model import Fusion


class Projector:
    """Turns a clip's features into the tokens that the adapter's model was trained to read.

    Args:
        reader: reads the features.
        fusion: the network, in eval mode.
    """

    def __init__(self, reader: TrackReader, fusion: "Fusion") -> None:
        self.reader = reader
        self.fusion = fusion
        self.tracks = tracks_of(fusion.config)

    def soft_tokens(self, features: TrackFeatures) -> SoftTokens:
        """The tokens of a clip, or of the window that the features are of.

        An absent track stays absent.
        """
        return self.fusion.fuse({track: features[track] for track in self.reader.encoders})


def open_projector(
    adapter: Adapter, cache: FeatureCache | None = None, device: str = "auto"
) -> Projector:
    """The encoders and the fusion of an adapter.

    Args:
        adapter: one with a projector.
        cache: keeps features; None for none.
        device: where the encoders run; the fusion is small and runs on the CPU.

    Raises:
        ConfigError: it has no projector.
        WeightsError: an encoder's checkpoint is absent or another one than in training, or the
            fusion does not belong to these encoders.
        MissingExtra: a package is not installed.
    """
    folder = adapter.fusion_folder
    if folder is None:
        raise ConfigError(
            f"The adapter '{adapter.manifest.name}' has no projector, so it cannot read features. "
            "Use road = 'text', or train one with: affect-llm train sft --road projected."
        )
    from affect_llm.fusion.checkpoint import load_fusion

    fusion = load_fusion(folder)
    reader = TrackReader(open_encoders(adapter.manifest.tracks, device), cache)
    for track in fusion.config.tracks:
        encoder = reader.encoders.get(track.name)
        # Tracks without a named encoder take any features of their width.
        given = encoder and (encoder.modality, encoder.width, track.encoder and encoder.provenance)
        if given != (track.modality, track.width, track.encoder):
            raise WeightsError(
                f"The projector of the adapter '{adapter.manifest.name}' was not made for the "
                f"encoders that its manifest names: its track '{track.name}' reads "
                f"{track.width} numbers of {track.encoder or track.modality.value}. Copy the whole "
                "folder again."
            )
    if len(reader.encoders) != len(fusion.config.tracks):
        extra = sorted(set(reader.encoders) - set(fusion.config.track_names))
        raise WeightsError(
            f"The manifest of the adapter '{adapter.manifest.name}' names encoders for "
            f"{', '.join(extra)}, and its projector has no such track. Copy the whole folder again."
        )
    return Projector(reader, fusion)


def tracks_of(config: FusionConfig) -> Tracks:
    """Every track that gives tokens, with its modality; None for the mixed one."""
    modalities = {track.name: track.modality for track in config.tracks}
    return {name: modalities.get(name) for name in config.track_names}


def fusion_config(adapter: Adapter) -> FusionConfig | None:
    """What an adapter's fusion is made of, without loading it; None on the text road.

    Raises:
        WeightsError: the file is malformed.
    """
    folder = adapter.fusion_folder
    if folder is None:
        return None
    try:
        return SavedFusion.model_validate_json((folder / FUSION_CONFIG).read_bytes()).fusion
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"{folder / FUSION_CONFIG} is no config of this version. Copy the whole folder again."
        ) from error
