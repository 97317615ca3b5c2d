"""Prosody by openSMILE's eGeMAPSv02 in place of ours (audEERING's own licence: research only).

Names and units are the catalogue's; what eGeMAPS has no counterpart for stays ours. Its jitter,
shimmer, harmonicity and alpha ratio are smoothed differently and come without a norm.
"""

from affect_llm.cues.voice.alternative import AlternativeProsody
from affect_llm.cues.voice.frames import VoiceFrames
from affect_llm.errors import MissingExtra
from affect_llm.types import AUDIO_RATE_HZ

_SEMITONE_ZERO_HZ = 27.5
_DIRECT = {
    "shimmer": "shimmerLocaldB_sma3nz_amean",
    "hnr": "HNRdBACF_sma3nz_amean",
    "spectral.balance": "alphaRatioV_sma3nz_amean",
    "speech.rate": "loudnessPeaksPerSec",
}


class OpenSmileVoice(AlternativeProsody):
    """The default extractor with eGeMAPS functionals where they correspond."""

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
