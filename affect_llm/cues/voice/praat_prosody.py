"""Prosody by Praat in place of ours (parselmouth, GPL-3.0-or-later, an extra of its own).

Names and units are the catalogue's. Norms were measured with our code; Praat's jitter, shimmer
and harmonicity lie lower or higher, so those three come without a norm.
"""

from affect_llm.cues.voice.alternative import AlternativeProsody
from affect_llm.cues.voice.frames import VoiceFrames
from affect_llm.cues.voice.pitch import CEILING_HZ, FLOOR_HZ
from affect_llm.errors import MissingExtra
from affect_llm.types import AUDIO_RATE_HZ

_PERIODS = (0.0, 0.0, 0.0001, 0.02, 1.3)
"""The whole sound, periods from 0.1 to 20 ms, neighbours within a factor of 1.3: Praat's own
settings for its voice report."""


class PraatVoice(AlternativeProsody):
    """The default extractor with pitch and voice quality by Praat."""

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
