"""The default extractor with some prosodic values measured by Praat or openSMILE.

Names and units are the catalogue's. Our norms were measured with our code; what the others smooth
or scale differently comes without a norm.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from affect_llm.cues.extractor import Extraction
from affect_llm.cues.voice.extractor import VoiceCues
from affect_llm.cues.voice.frames import VoiceFrames
from affect_llm.cues.voice.pitch import CEILING_HZ, FLOOR_HZ
from affect_llm.cues.voice.prosody import Prosody, Value
from affect_llm.errors import MissingExtra
from affect_llm.types import AUDIO_RATE_HZ, Clip, TimeSpan

_OTHERS = frozenset({"jitter", "shimmer", "hnr", "spectral.balance", "speech.rate"})
"""Values of other software that our norms may not be held against."""

_HALF_TRUST = 0.5
"""Confidence in a value that our own measures could not give for the same sound."""


_PERIODS = (0.0, 0.0, 0.0001, 0.02, 1.3)
"""The whole sound, periods from 0.1 to 20 ms, neighbours within a factor of 1.3: Praat's own
settings for its voice report."""
_SEMITONE_ZERO_HZ = 27.5
_DIRECT = {
    "shimmer": "shimmerLocaldB_sma3nz_amean",
    "hnr": "HNRdBACF_sma3nz_amean",
    "spectral.balance": "alphaRatioV_sma3nz_amean",
    "speech.rate": "loudnessPeaksPerSec",
}


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


class PraatVoice(AlternativeProsody):
    """The default extractor with pitch and voice quality by Praat.

    By parselmouth, under GPL-3.0-or-later: an extra of its own.
    """

    name = "praat"

    def __init__(self) -> None:
        super().__init__()
        try:
            import parselmouth
        except ImportError as error:
            raise MissingExtra("prosody by Praat", "praat") from error
        self.prosody_provenance = f"praat@{parselmouth.PRAAT_VERSION}#none"

    def replace(self, frames: VoiceFrames) -> dict[str, float]:
        """Pitch mean, jitter, shimmer and harmonicity of the stretch."""
        import parselmouth
        from parselmouth.praat import call

        sound = parselmouth.Sound(frames.samples.astype("float64"), AUDIO_RATE_HZ)
        pitch = sound.to_pitch_ac(pitch_floor=FLOOR_HZ, pitch_ceiling=CEILING_HZ)
        pulses = call([sound, pitch], "To PointProcess (cc)")
        harmonicity = sound.to_harmonicity_cc(minimum_pitch=FLOOR_HZ)
        return {
            "pitch.mean": float(call(pitch, "Get mean", 0, 0, "Hertz")),
            "jitter": 100.0 * float(call(pulses, "Get jitter (local)", *_PERIODS)),
            "shimmer": float(call([sound, pulses], "Get shimmer (local_dB)", *_PERIODS, 1.6)),
            "hnr": float(call(harmonicity, "Get mean", 0, 0)),
        }


class OpenSmileVoice(AlternativeProsody):
    """The default extractor with openSMILE's eGeMAPSv02 where it corresponds.

    openSMILE has audEERING's own licence, for research only.
    """

    name = "opensmile"

    def __init__(self) -> None:
        super().__init__()
        try:
            import opensmile
        except ImportError as error:
            raise MissingExtra("prosody by openSMILE", "opensmile") from error
        self.prosody_provenance = f"opensmile@{opensmile.__version__}#eGeMAPSv02"
        self._smile = opensmile.Smile(
            feature_set=opensmile.FeatureSet.eGeMAPSv02,
            feature_level=opensmile.FeatureLevel.Functionals,
        )

    def replace(self, frames: VoiceFrames) -> dict[str, float]:
        """Pitch mean in Hz, jitter in %, shimmer, harmonicity, balance and rate."""
        row = self._smile.process_signal(frames.samples, AUDIO_RATE_HZ).iloc[0]
        semitones = float(row["F0semitoneFrom27.5Hz_sma3nz_amean"])
        values = {name: float(row[column]) for name, column in _DIRECT.items()}
        values["pitch.mean"] = _SEMITONE_ZERO_HZ * 2.0 ** (semitones / 12.0)
        values["jitter"] = 100.0 * float(row["jitterLocal_sma3nz_amean"])
        return values
