"""Features of several clips as padded tensors, and checked against the config."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from affect_llm.errors import CapabilityError
from affect_llm.fusion.config import FusionConfig
from affect_llm.types import Features, Modality

FeatureMap = Mapping[str, Features] | Mapping[Modality, Features]
"""Features by track; a modality may stand for the track of its name."""


@dataclass(frozen=True, slots=True)
class TrackBatch:
    """The clips of a batch that have a track.

    Args:
        rows: (P,) int64, which clips of the batch they are.
        steps: (P, T, width), padded.
        mask: (P, T) true where there is a row.
        times_s: (P, T, 2), zero where padded.
    """

    rows: Tensor
    steps: Tensor
    mask: Tensor
    times_s: Tensor


@dataclass(frozen=True, slots=True)
class FeatureBatch:
    """Tracks of B clips by name; `extent_s` (B, 2) from the first start to the last end."""

    size: int
    tracks: dict[str, TrackBatch]
    extent_s: Tensor


def collate(
    config: FusionConfig, clips: Sequence[FeatureMap], device: torch.device | str = "cpu"
) -> FeatureBatch:
    """One batch of clips; what a clip lacks is not in its track's rows.

    Raises:
        CapabilityError: features that the fusion has no track for, or of another width, channel
            or encoder than it was made for.
    """
    named = [{str(key): value for key, value in clip.items()} for clip in clips]
    known = {track.name: track for track in config.tracks}
    for clip in named:
        for name, features in clip.items():
            if name not in known:
                raise CapabilityError(
                    f"There are features for '{name}', and this fusion has the tracks "
                    f"{', '.join(known)}. Leave them out, or train a fusion with that track."
                )
            track = known[name]
            needed = (track.modality, track.width, track.encoder or features.source)
            given = (features.modality, features.width, features.source)
            if needed != given:
                raise CapabilityError(
                    f"The track '{name}' was made for {_described(*needed)}, and was given "
                    f"{_described(*given)}. Encode the clip with the encoder the fusion was "
                    "trained on."
                )
    tracks = {track.name: _track(track.name, named, device, track.width) for track in config.tracks}
    extents = []
    for clip in named:
        spans = [features.extent for features in clip.values() if features.extent is not None]
        start = min((span.start_s for span in spans), default=0.0)
        extents.append((start, max((span.end_s for span in spans), default=0.0)))
    return FeatureBatch(len(named), tracks, torch.tensor(extents, device=device).reshape(-1, 2))


def _track(
    name: str, clips: Sequence[Mapping[str, Features]], device: torch.device | str, width: int
) -> TrackBatch:
    having = [(i, c[name]) for i, c in enumerate(clips) if name in c and c[name].absent is None]
    longest = max((len(f.array) for _, f in having), default=0)
    steps = np.zeros((len(having), longest, width), np.float32)
    times = np.zeros((len(having), longest, 2), np.float32)
    mask = np.zeros((len(having), longest), np.bool_)
    for row, (_, features) in enumerate(having):
        count = len(features.array)
        steps[row, :count], times[row, :count] = features.array, features.times_s
        mask[row, :count] = True
    rows = torch.tensor([i for i, _ in having], dtype=torch.int64, device=device)
    return TrackBatch(rows, *(torch.from_numpy(a).to(device) for a in (steps, mask, times)))


def _described(modality: Modality, width: int, source: str) -> str:
    return f"{modality.value} features of {width} numbers by {source}"
