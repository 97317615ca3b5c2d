"""The features of a clip's tracks, of the whole clip or of one window of it."""

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
        encoders: one for each track, in order.
        cache: keeps features; None for none.
    """

    def __init__(self, encoders: Mapping[str, Encoder], cache: FeatureCache | None = None) -> None:
        self.encoders = dict(encoders)
        self.cache = cache

    @property
    def provenances(self) -> tuple[str, ...]:
        """Where the encoders come from, each once."""
        return tuple(dict.fromkeys(encoder.provenance for encoder in self.encoders.values()))

    def features(
        self, clip: Clip, modalities: Collection[Modality] = tuple(Modality)
    ) -> dict[str, Features]:
        """Features of every track; those of modalities that were not asked for are absent."""
        reason = "it was left out of this run"
        return {
            track: encode(encoder, clip, self.cache)
            if encoder.modality in modalities
            else Features.missing(
                encoder.width,
                encoder.provenance,
                Absence(modality=encoder.modality, state="not_asked", reason=reason),
            )
            for track, encoder in self.encoders.items()
        }


def open_encoders(tracks: Sequence[TrackEncoder], device: str = "auto") -> dict[str, Encoder]:
    """The encoders of an adapter's tracks, exactly those that it was trained with.

    Args:
        tracks: those of the manifest. Where a checkpoint lies is no part of an encoder's
            provenance, so a person may change that there.
        device: to run on, where the options name none.

    Raises:
        WeightsError: one cannot be opened, or is another one than in training.
    """
    encoders: dict[str, Encoder] = {}
    for track in tracks:
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
                f"The features of '{track.track}' come from {track.passport}, and the encoder "
                f"here is {encoder.provenance}. Get the checkpoint that the adapter was trained "
                "with, and say where it lies in manifest.json (tracks, options, checkpoint)."
            )
        encoders[track.track] = encoder
    return encoders


def features_within(features: TrackFeatures, span: TimeSpan) -> dict[str, Features]:
    """The rows that saw some of `span`; a track that has none there is absent."""
    cut: dict[str, Features] = {}
    for track, whole in features.items():
        starts, ends = whole.times_s.T
        inside = (starts < span.end_s) & (ends > span.start_s)
        # A row without length, as of a still, is inside of the window that is as it is.
        inside |= (starts == span.start_s) & (ends == span.end_s)
        rows, times = whole.array[inside], whole.times_s[inside]
        absent = whole.absent
        if absent is None and not inside.any():
            reason = f"there are no {track} features from {span.start_s:.1f} to {span.end_s:.1f} s"
            absent = Absence(modality=whole.modality, state="absent", reason=reason)
        cut[track] = Features(whole.modality, rows, times, whole.source, absent)
    return cut


def with_absences(sheet: CueSheet, features: TrackFeatures) -> CueSheet:
    """The sheet with an entry for every track that is not there."""
    entered = {entry.family for entry in sheet.absent}
    missing = [
        one.absent.model_copy(update={"family": track_family(track)})
        for track, one in features.items()
        if one.absent is not None and track_family(track) not in entered
    ]
    return CueSheet(cues=sheet.cues, absent=(*sheet.absent, *missing))
