"""Rows as features: every track's encoder over every clip, kept in the features' cache."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from affect_llm.adapters.manifest import TrackEncoder
from affect_llm.adapters.tracks import TrackReader
from affect_llm.config import Settings
from affect_llm.encoders.cache import FeatureCache
from affect_llm.encoders.registry import open_encoder
from affect_llm.errors import MediaError
from affect_llm.fusion.config import FusionConfig, TrackConfig
from affect_llm.media.load import load_clip, text_clip
from affect_llm.training.sft.rows import Row
from affect_llm.training.sft.settings import SftSettings, TrackSettings
from affect_llm.types import Absence, Clip, Features, Modality

log = logging.getLogger(__name__)


def open_tracks(tracks: Sequence[TrackSettings], device: str) -> TrackReader:
    """The encoders that the settings name.

    Raises:
        UnknownComponent, ConfigError, MissingExtra, WeightsError: one cannot be opened.
    """
    encoders = {
        track.name: open_encoder(track.encoder, {"device": device, **track.options})
        for track in tracks
    }
    return TrackReader(encoders, FeatureCache())


def track_encoders(tracks: Sequence[TrackSettings], reader: TrackReader) -> list[TrackEncoder]:
    """What the manifest says of them."""
    return [
        TrackEncoder(
            track=track.name,
            encoder=track.encoder,
            options=track.options,
            passport=reader.encoders[track.name].provenance,
        )
        for track in tracks
    ]


def fusion_config(
    settings: SftSettings, reader: TrackReader, width: int, rms: float
) -> FusionConfig:
    """The projector for these encoders and this LLM.

    Args:
        settings: kind and sizes.
        reader: gives modality, width and provenance of each track.
        width: of the LLM.
        rms: of its embeddings; soft tokens begin with the same.
    """
    tracks = tuple(
        TrackConfig(
            name=track.name,
            modality=encoder.modality,
            width=encoder.width,
            tokens=track.tokens,
            encoder=encoder.provenance,
        )
        for track in settings.tracks
        for encoder in (reader.encoders[track.name],)
    )
    return FusionConfig(
        llm_width=width, tracks=tracks, token_rms=rms, **settings.projector.model_dump()
    )


def read_features(
    rows: Sequence[Row], reader: TrackReader, settings: Settings
) -> Iterator[dict[str, Features]]:
    """Features of each row, in order; a row whose file cannot be read has none, with the reason."""
    for number, row in enumerate(rows, 1):
        if number % 200 == 0:
            log.info("features of %d of %d clips", number, len(rows))
        try:
            clip = _clip(row, settings)
        except MediaError as error:
            yield _missing(reader, str(error))
        else:
            yield reader.features(clip, settings.modalities)


def _clip(row: Row, settings: Settings) -> Clip:
    limits, language = settings.limits, settings.language
    if row.path is None:
        return text_clip(row.text or "", language=language, limits=limits)
    return load_clip(Path(row.path), transcript=row.text, language=language, limits=limits)


def _missing(reader: TrackReader, reason: str) -> dict[str, Features]:
    def why(modality: Modality) -> Absence:
        return Absence(modality=modality, state="failed", reason=reason)

    return {
        name: Features.missing(encoder.width, encoder.provenance, why(encoder.modality))
        for name, encoder in reader.encoders.items()
    }
