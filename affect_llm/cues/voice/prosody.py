"""Prosody of a stretch of speech: the values, and how far each can be trusted."""

from dataclasses import dataclass

import numpy as np

from affect_llm.cues.voice.frame_grid import HOP_S
from affect_llm.cues.voice.frames import VoiceFrames
from affect_llm.cues.voice.quality import harmonicity_db, measure_periods
from affect_llm.cues.voice.rate import count_syllables, pause_share

_MIN_VOICED = 10
"""Voiced frames of 10 ms without which sound is taken for noise."""
# A value is fully trusted from this many voiced frames, pairs of periods or syllables on; with
# fewer, in proportion.
_FULL_TRUST_VOICED = 50
_FULL_TRUST_PERIODS = 60
_FULL_TRUST_SYLLABLES = 5
_UNCALIBRATED = 0.4
"""Confidence in a level whose distance to the microphone nobody knows."""
_PHRASE_BREAK = 25
"""Frames without voice that part two phrases: the 250 ms of a pause."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value in its catalogue unit and the confidence in it, 0 to 1."""

    value: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Prosody:
    """Values by catalogue name, and the seconds of speech that they rest on.

    Args:
        values: only what could be measured.
        speech_s: seconds in which someone speaks.
        base_hz: the 10th percentile of F0: the speaker's resting pitch,
            which emotion moves less than the mean (Traunmueller, Eriksson 1995).
    """

    values: dict[str, Value]
    speech_s: float
    base_hz: float


def measure_prosody(frames: VoiceFrames) -> Prosody | None:
    """Measure the speech in `frames`; None where no one speaks.

    Sound without any pitch (under 100 ms voiced) is taken for noise; so is whispering.

    "pitch.range" is the 5th to 95th percentile; "pitch.slope" the trend within phrases, which
    pauses of 250 ms part; "loudness" the mean RMS level over speech in dB re full scale
    (unweighted) and its range the 10th to 90th percentile; "speech.rate" counts syllables per
    second of speech without the pauses; "spectral.balance" is the energy in 1-5 kHz over that in
    50-1000 Hz in voiced frames, so that higher is brighter.
    """
    voiced = frames.speech & frames.pitch.voiced
    if voiced.sum() < _MIN_VOICED:
        return None
    values = _pitch(frames) | _loudness(frames) | _tempo(frames) | _voice_quality(frames)
    base = float(np.percentile(frames.pitch.f0_hz[voiced], 10))
    return Prosody(values, float(frames.speech.sum() * HOP_S), base)


def _loudness(frames: VoiceFrames) -> dict[str, Value]:
    level = frames.level_db[frames.speech]
    low, high = np.percentile(level, (10, 90))
    trust = min(1.0, len(level) / 100)  # in full from a second of speech on
    mean = float(10.0 * np.log10(np.mean(10.0 ** (level / 10.0))))
    return {
        "loudness": Value(mean, _UNCALIBRATED * trust),
        "loudness.range": Value(float(high - low), trust),
    }


def _tempo(frames: VoiceFrames) -> dict[str, Value]:
    speech = frames.speech
    seconds = float(speech.sum() * HOP_S)
    syllables = count_syllables(frames.level_db, frames.pitch.voiced & speech)
    trust = min(1.0, syllables / _FULL_TRUST_SYLLABLES)
    return {
        "speech.rate": Value(syllables / seconds, trust),
        "pause.share": Value(pause_share(speech), min(1.0, seconds / 2.0)),
    }


def _pitch(frames: VoiceFrames) -> dict[str, Value]:
    at = np.flatnonzero(frames.speech & frames.pitch.voiced)
    f0 = frames.pitch.f0_hz[at]
    semitones = 12.0 * np.log2(f0)
    low, high = np.percentile(semitones, (5, 95))
    # "pitch.slope" is the least-squares slope common to all phrases, in semitones per second.
    phrases = np.split(np.arange(len(at)), np.flatnonzero(np.diff(at) >= _PHRASE_BREAK) + 1)
    over = under = longest = 0.0
    for phrase in phrases:
        time = (at[phrase] - at[phrase].mean()) * HOP_S
        over += float(semitones[phrase] @ time)
        under += float(np.sum(np.square(time)))
        longest = max(longest, float(np.ptp(time)))
    trust = float(frames.pitch.strength[at].mean()) * min(1.0, len(at) / _FULL_TRUST_VOICED)
    return {
        "pitch.mean": Value(float(f0.mean()), trust),
        "pitch.range": Value(float(high - low), trust),
        "pitch.slope": Value(over / max(under, 1e-9), trust * min(1.0, longest)),
    }


def _voice_quality(frames: VoiceFrames) -> dict[str, Value]:
    voiced = frames.speech & frames.pitch.voiced
    trust = min(1.0, float(voiced.sum()) / _FULL_TRUST_VOICED)
    values = {
        "hnr": Value(float(harmonicity_db(frames.pitch).mean()), trust),
        "spectral.balance": Value(float(frames.spectral_db[voiced, 0].mean()), trust),
    }
    periods = measure_periods(frames.samples, frames.pitch)
    if periods is not None:
        trust = min(1.0, periods.count / _FULL_TRUST_PERIODS)
        values["jitter"] = Value(periods.jitter, trust)
        values["shimmer"] = Value(periods.shimmer_db, trust)
    return values
