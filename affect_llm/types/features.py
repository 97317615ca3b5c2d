"""Features from encoders and soft tokens from fusion: rows of numbers that know their time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.types.base import Modality, TimeSpan
from affect_llm.types.cues import Absence


@dataclass(frozen=True, slots=True)
class Features:
    """One track of a clip: a row per step, or the reason why there is none.

    Args:
        modality: the channel they come through.
        array: (T, D) float32, finite; T is 0 exactly when `absent` says why.
        times_s: (T, 2) float64, start and end of what each row saw, in seconds from the start
            of the clip; starts do not fall, spans may overlap.
        source: provenance of the encoder, `name@version#weights` with its options.
        absent: why there are no rows.

    Raises:
        ValueError: shapes, order or numbers break the above.
    """

    modality: Modality
    array: NDArray[np.float32]
    times_s: NDArray[np.float64]
    source: str
    absent: Absence | None = None

    def __post_init__(self) -> None:
        if self.array.ndim != 2 or self.times_s.shape != (len(self.array), 2):
            raise ValueError(
                f"features are (T, D) with times (T, 2), not {self.array.shape} with "
                f"{self.times_s.shape}"
            )
        if (len(self.array) == 0) != (self.absent is not None):
            raise ValueError("features without rows say why, and those with rows are not absent")
        if not np.isfinite(self.array).all():
            raise ValueError(f"features of {self.source} hold numbers that are not finite")
        starts, ends = self.times_s.T
        if not (np.isfinite(self.times_s).all() and (starts >= 0).all() and (ends >= starts).all()):
            raise ValueError(f"features of {self.source} hold spans that are no spans")
        if (np.diff(starts) < 0).any():
            raise ValueError(f"features of {self.source} are not in time order")

    @classmethod
    def missing(cls, width: int, source: str, why: Absence) -> "Features":
        """A track without rows, which would have been `width` numbers wide, because of `why`."""
        array, times = np.zeros((0, width), np.float32), np.zeros((0, 2))
        return cls(why.modality, array, times, source, why)

    @property
    def width(self) -> int:
        """How many numbers a row has, the D of (T, D)."""
        return int(self.array.shape[1])

    @property
    def extent(self) -> TimeSpan | None:
        """The span from the first start to the last end; None without rows."""
        if self.absent is not None:
            return None
        return TimeSpan(start_s=self.times_s[0, 0], end_s=self.times_s[:, 1].max())


def slot_marker(track: str) -> str:
    """The marker in a prompt's text at whose place the tokens of a track will stand."""
    return f"<|soft:{track}|>"


@dataclass(frozen=True, slots=True)
class SoftTokens:
    """Rows in the LLM's width that stand in a prompt beside its words.

    Args:
        array: (N, D) float32.
        spans: N spans, the time that each token speaks of.
        modalities: N channels; None for a token that mixes several.
        tracks: N names of the fusion's tracks ("audio", "face", "mixed"); a slot of the prompt
            takes the tokens of one track.
        source: provenance of the fusion that made them.

    Raises:
        ValueError: lengths differ.
    """

    array: NDArray[np.float32]
    spans: tuple[TimeSpan, ...]
    modalities: tuple[Modality | None, ...]
    tracks: tuple[str, ...]
    source: str

    def __post_init__(self) -> None:
        lengths = {len(self.array), len(self.spans), len(self.modalities), len(self.tracks)}
        if self.array.ndim != 2 or len(lengths) != 1:
            raise ValueError(f"soft tokens of {self.source} differ in length: {sorted(lengths)}")

    def of_track(self, name: str) -> NDArray[np.float32]:
        """The rows (n, D) of one track, in time order as they stand."""
        return self.array[[track == name for track in self.tracks]]
