"""What a voice is compared with: its own level in the clip, or these norms.

Absolute loudness has no norm: a recording that is not calibrated says nothing of the sound
pressure at the lips. Published norms of jitter, shimmer and harmonicity are for sustained vowels
and would make any running speech look hoarse, so those here were measured by this package.
"""

from collections.abc import Sequence

import numpy as np

from affect_llm.cues.voice.prosody import Prosody
from affect_llm.types import Baseline

MIN_WINDOWS = 3
MIN_SPEECH_S = 15.0
"""From this much speech, in this many windows, a speaker is compared with their own level."""
LOW_VOICE_BELOW_HZ = 130.0
"""Resting pitch that best parts the men from the women (88 % right over all emotions) among the
training speakers of the voice head; it picks which of the two pitch norms applies."""
_LEAST_SD = 0.5
"""A speaker's own spread counts as at least this share of the norm's."""
_LEAST_LOUDNESS_SD = 1.0
"""The same in dB for loudness, which has no norm."""
_MEASURED = (
    "neutral and calm sentences of the voice head's training speakers (RAVDESS 01-12, Emo-DB 03, "
    "08-10; 178 clips), measured by this package"
)
_PUBLISHED_PITCH = (
    "typical means of Traunmueller and Eriksson (1995), spread from the adult ranges of Fitch and "
    "Holbrook (1970) taken as two standard deviations"
)


def _norm(mean: float, sd: float, source: str) -> Baseline:
    """Mean and standard deviation over speakers, in the cue's unit, and where they are from."""
    return Baseline(kind="norm", mean=mean, sd=sd, source=source)


LOW_PITCH = _norm(120.0, 17.5, f"low voices: {_PUBLISHED_PITCH}")
HIGH_PITCH = _norm(210.0, 22.5, f"high voices: {_PUBLISHED_PITCH}")
NORMS: dict[str, Baseline] = {
    "pitch.range": _norm(8.85, 4.10, _MEASURED),
    "pitch.slope": _norm(-3.51, 2.87, _MEASURED),
    "loudness.range": _norm(19.0, 4.97, _MEASURED),
    "speech.rate": _norm(4.10, 0.82, _MEASURED),
    "pause.share": _norm(0.01, 0.10, f"{_MEASURED}; spread raised from 0.04 to a short pause"),
    "jitter": _norm(3.55, 0.91, _MEASURED),
    "shimmer": _norm(1.03, 0.19, _MEASURED),
    "hnr": _norm(11.48, 2.28, _MEASURED),
    "spectral.balance": _norm(-15.81, 2.92, _MEASURED),
}


def norm_of(name: str, base_hz: float) -> Baseline | None:
    """The norm for a prosodic cue of a voice with resting pitch `base_hz`; None for loudness."""
    if name == "pitch.mean":
        return LOW_PITCH if base_hz < LOW_VOICE_BELOW_HZ else HIGH_PITCH
    return NORMS.get(name)


def own_level(name: str, windows: Sequence[Prosody]) -> Baseline | None:
    """The clip's own level of a cue over its windows; None while there is too little of it.

    A clip with several voices has one level for all of them.
    """
    having = [w for w in windows if name in w.values]
    speech_s = sum(w.speech_s for w in having)
    if len(having) < MIN_WINDOWS or speech_s < MIN_SPEECH_S:
        return None
    values = np.array([w.values[name].value for w in having])
    weights = np.array([w.speech_s for w in having]) / speech_s
    mean = float(weights @ values)
    sd = float(np.sqrt(weights @ np.square(values - mean)))
    norm = norm_of(name, having[0].base_hz)
    least = _LEAST_SD * norm.sd if norm else _LEAST_LOUDNESS_SD
    source = f"this clip: {len(having)} windows, {speech_s:.0f} s of speech"
    return Baseline(kind="speaker", mean=mean, sd=max(sd, least), source=source)
