"""Clip → features per track, of a whole clip or of one window of it."""

from collections.abc import Collection, Mapping, Sequence

from affect_llm.adapters.manifest import TrackEncoder
from affect_llm.encoders.cache import FeatureCache
from affect_llm.encoders.encoder import Encoder
from affect_llm.encoders.registry import open_encoder
from affect_llm.encoders.runner import encode
from affect_llm.errors import AffectError, WeightsError
from affect_llm.prompting.reason import track_family
from affect_llm.types import Absence, Clip, CueSheet, Features, Modality, TimeSpan

TrackFeatures = Mapping[str, Features]
"""Features by track; one that could not be had says why."""


class TrackReader:
    """Runs the encoder of each track.

    Args:
        encoders: by track, in order.
        cache: of features; None for none.
    """

    def __init__(self, encoders: Mapping[str, Encoder], cache: FeatureCache | None = None) -> None:
        self.encoders = dict(encoders)
        self.cache = cache

    @property
    def passports(self) -> tuple[str, ...]:
        """Of the encoders, each once."""
        return tuple(dict.fromkeys(encoder.provenance for encoder in self.encoders.values()))

    def features(
        self, clip: Clip, asked: Collection[Modality] = tuple(Modality)
    ) -> dict[str, Features]:
        """Features of every track; those of modalities that were not asked for are absent."""
        return {
            track: encode(encoder, clip, self.cache)
            if encoder.modality in asked
            else _not_asked(encoder)
            for track, encoder in self.encoders.items()
        }


def open_encoders(tracks: Sequence[TrackEncoder], device: str = "auto") -> dict[str, Encoder]:
    """The encoders of an adapter's tracks, exactly those that it was trained with.

    Args:
        tracks: from the manifest. Where a checkpoint lies is no part of an encoder's passport, so
            a person may change that there.
        device: to run on, where the options name none.

    Raises:
        WeightsError: one cannot be opened, or is another one than in training.
    """
    return {track.track: _open(track, device) for track in tracks}


def _open(track: TrackEncoder, device: str) -> Encoder:
    try:
        encoder = open_encoder(track.encoder, {"device": device, **track.options})
    except AffectError as error:
        raise WeightsError(
            f"The features of '{track.track}' come from the encoder '{track.encoder}', which "
            f"cannot be opened: {error} If its checkpoint lies elsewhere here, say so in "
            "manifest.json (tracks, options, checkpoint)."
        ) from error
    if encoder.provenance != track.passport:
        raise WeightsError(
            f"The features of '{track.track}' come from {track.passport}, and the encoder here is "
            f"{encoder.provenance}. Get the checkpoint that the adapter was trained with, and say "
            "where it lies in manifest.json (tracks, options, checkpoint)."
        )
    return encoder


def features_within(features: TrackFeatures, span: TimeSpan) -> dict[str, Features]:
    """The rows that saw some of `span`; a track that has none there is absent."""
    return {track: _cut(track, one, span) for track, one in features.items()}


def with_absences(sheet: CueSheet, features: TrackFeatures) -> CueSheet:
    """The sheet with an entry for every track that is not there."""
    known = {entry.family for entry in sheet.absent}
    gone = [
        one.absent.model_copy(update={"family": track_family(track)})
        for track, one in features.items()
        if one.absent is not None and track_family(track) not in known
    ]
    return CueSheet(cues=sheet.cues, absent=(*sheet.absent, *gone))


def _cut(track: str, features: Features, span: TimeSpan) -> Features:
    if features.absent is not None:
        return features
    starts, ends = features.times_s.T
    kept = (starts < span.end_s) & (ends > span.start_s)
    kept |= (starts == span.start_s) & (ends == span.end_s)
    if kept.any():
        rows, times = features.array[kept], features.times_s[kept]
        return Features(features.modality, rows, times, features.source)
    reason = f"there are no {track} features from {span.start_s:.1f} to {span.end_s:.1f} s"
    why = Absence(modality=features.modality, state="absent", reason=reason)
    return Features.missing(features.width, features.source, why)


def _not_asked(encoder: Encoder) -> Features:
    why = Absence(
        modality=encoder.modality, state="not_asked", reason="it was left out of this run"
    )
    return Features.missing(encoder.width, encoder.provenance, why)
