"""The default extractor with some prosodic values measured by other software."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from affect_llm.cues.extractor import Extraction
from affect_llm.cues.voice.extractor import VoiceCues
from affect_llm.cues.voice.frames import VoiceFrames
from affect_llm.cues.voice.prosody import Prosody, Value
from affect_llm.types import Clip, TimeSpan

_OTHERS = frozenset({"jitter", "shimmer", "hnr", "spectral.balance", "speech.rate"})
"""Values of other software that our norms may not be held against."""

_HALF_TRUST = 0.5
"""Confidence in a value that our own measures could not give for the same sound."""


class AlternativeProsody(VoiceCues):
    """Speech detection, windows and the head are the default extractor's."""

    def __init__(self) -> None:
        super().__init__()
        self.provenance = f"{self.name}+{self.provenance}"

    @abstractmethod
    def replace(self, frames: VoiceFrames) -> dict[str, float]:
        """Catalogue name to value, for what the other software measures; NaN is dropped."""

    def measure(self, frames: VoiceFrames) -> Prosody | None:
        """Our prosody with the other software's values put in."""
        ours = super().measure(frames)
        if ours is None:
            return None
        values = dict(ours.values)
        for name, value in self.replace(frames).items():
            replaced = values.pop(name, None)
            if isfinite(value):
                values[name] = Value(value, replaced.confidence if replaced else _HALF_TRUST)
        return replace(ours, values=values)

    def extract(self, clip: Clip, windows: Sequence[TimeSpan]) -> Extraction:
        """As the default extractor; norms that do not fit the other software are taken off."""
        extraction = super().extract(clip, windows)
        measurements = tuple(
            m.model_copy(update={"baseline": None})
            if m.name in _OTHERS and m.baseline is not None and m.baseline.kind == "norm"
            else m
            for m in extraction.measurements
        )
        return Extraction(measurements, extraction.absent)
