"""A stretch of speech as one vector: how each measure is spread and how it moves.

In the manner of eGeMAPS and ComParE (Eyben et al. 2016; Schuller et al. 2013), with our measures.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.voice.frame_grid import HOP_S, runs_of
from affect_llm.cues.voice.frames import VoiceFrames
from affect_llm.cues.voice.quality import harmonicity_db, measure_periods
from affect_llm.cues.voice.rate import count_syllables, pause_share

Array = NDArray[np.float64]
CEPSTRA = 20
"""Coefficients kept of the cepstrum: the envelope without the harmonics of the pitch."""
_PERCENTILES = (5, 20, 50, 80, 95)
"""The 20th, 50th and 80th as in eGeMAPS, and both ends of the range."""
_MODULATION_BANDS = 8
"""Groups of neighbouring mel bands, eight bands each."""
_MODULATION_HZ = (1.0, 2.0, 3.0, 4.5, 6.5, 9.5, 14.0, 20.0)
"""Edges of the modulation bands, about evenly spaced in the logarithm; syllables swing at 4 Hz."""
_MODULATION_FRAMES = 512
"""Frames of 10 ms in one transform: 5 s, which a piece of speech hardly exceeds."""


def functionals(frames: VoiceFrames) -> Array:
    """(FUNCTIONALS,) summary of a stretch of speech; a stretch without voicing is allowed."""
    import scipy.fft

    voiced = frames.pitch.voiced
    spoken = frames.speech if frames.speech.any() else np.ones_like(frames.speech)
    loud = spoken & voiced if (spoken & voiced).sum() > 3 else spoken
    log_mel = frames.log_mel.astype(np.float64)
    cepstra = scipy.fft.dct(log_mel, norm="ortho", axis=1)[:, :CEPSTRA]
    moved = np.abs(np.diff(cepstra, n=1, axis=0, prepend=cepstra[:1]))
    # Absolute change of each coefficient over 50 ms, (CEPSTRA, T).
    motion = np.stack([np.convolve(column, np.ones(5) / 5, mode="same") for column in moved.T])
    # The long-term spectrum less its own mean, and its spread, in pairs of bands.
    pairs = log_mel[loud].reshape(int(loud.sum()), -1, 2).mean(axis=2)
    shape = pairs.mean(axis=0)
    parts = [
        _spread(cepstra[loud]),
        _spread(cepstra[spoken])[: 2 * CEPSTRA],
        motion[:, spoken].mean(axis=1),
        _spread(frames.spectral_db[loud]),
        _spread(frames.spectral_db[spoken]),
        _contour(frames.level_db[spoken]),
        _pitch(frames),
        shape - shape.mean(),
        pairs.std(axis=0),
        _modulation(log_mel),
        _timing(frames),
        _regularity(frames),
    ]
    return np.concatenate(parts)


def _spread(columns: Array) -> Array:
    low, high = np.percentile(columns, (10, 90), axis=0)
    return np.concatenate([columns.mean(axis=0), columns.std(axis=0), low, high])


def _contour(values: Array) -> Array:
    """Level, spread, percentiles, slope, steepness of rises and falls of one curve."""
    if len(values) < 4:
        return np.zeros(len(_PERCENTILES) + 7)
    step = np.diff(values)
    time = (np.arange(len(values)) - (len(values) - 1) / 2) * HOP_S
    slope = float(values @ time / np.sum(np.square(time)))
    rises, falls = step[step > 0], step[step < 0]
    third = len(values) // 3
    shape = values[-third:].mean() - values[:third].mean() if third else 0.0
    return np.array(
        [
            values.mean(),
            values.std(),
            *np.percentile(values, _PERCENTILES),
            slope,
            rises.mean() if len(rises) else 0.0,
            falls.mean() if len(falls) else 0.0,
            shape,
            step.std(),
        ]
    )


def _pitch(frames: VoiceFrames) -> Array:
    f0 = frames.pitch.f0_hz[frames.pitch.voiced]
    semitones = 12.0 * np.log2(np.maximum(f0, 27.5) / 27.5)  # above 27.5 Hz, as in eGeMAPS
    contour = _contour(semitones)
    middle = contour[4] if len(semitones) else 0.0
    within = [
        float(np.ptp(12.0 * np.log2(frames.pitch.f0_hz[s:e])))
        for s, e in runs_of(frames.pitch.voiced)
        if e - s > 5
    ]
    excursion = [float(np.mean(within)), float(np.max(within))] if within else [0.0, 0.0]
    return np.concatenate([contour, contour[2:7] - middle, excursion])


def _modulation(log_mel: Array) -> Array:
    """How strongly groups of bands swing at rates of speech, in log amplitude."""
    import scipy.fft

    groups = log_mel.reshape(len(log_mel), _MODULATION_BANDS, -1).mean(axis=2)
    size = _MODULATION_FRAMES
    centred = (groups - groups.mean(axis=0)) / max(len(groups), 1)
    swing = np.abs(scipy.fft.rfft(centred, size, axis=0)) if len(groups) <= size else _welch(groups)
    hz = np.linspace(0, 0.5 / HOP_S, len(swing))
    edges = np.searchsorted(hz, _MODULATION_HZ)
    rows = [swing[a:b].mean(axis=0) for a, b in pairwise(edges)]
    return np.log(np.concatenate(rows) + 1e-4)


def _welch(groups: Array) -> Array:
    """Mean spectrum of half-overlapping parts, for what is longer than one transform."""
    import scipy.fft

    size = _MODULATION_FRAMES
    starts = range(0, len(groups) - size + 1, size // 2)
    parts = [groups[s : s + size] - groups[s : s + size].mean(axis=0) for s in starts]
    return np.asarray(np.mean([np.abs(scipy.fft.rfft(p / size, axis=0)) for p in parts], axis=0))


def _timing(frames: VoiceFrames) -> Array:
    voiced, speech = frames.pitch.voiced, frames.speech
    seconds = max(len(voiced) * HOP_S, HOP_S)
    voiced_runs = np.array([e - s for s, e in runs_of(voiced)] or [0]) * HOP_S
    gaps = np.array([e - s for s, e in runs_of(~voiced)] or [0]) * HOP_S
    return np.array(
        [
            np.log(seconds),
            voiced.mean(),
            speech.mean(),
            len(voiced_runs) / seconds,
            voiced_runs.mean(),
            voiced_runs.std(),
            voiced_runs.max(),
            gaps.mean(),
            gaps.std(),
            pause_share(speech),
            count_syllables(frames.level_db, voiced) / seconds,
        ]
    )


def _regularity(frames: VoiceFrames) -> Array:
    harmonics = harmonicity_db(frames.pitch)
    periods = measure_periods(frames.samples, frames.pitch)
    if len(harmonics) == 0 or periods is None:
        return np.zeros(7)
    spread = np.percentile(harmonics, (10, 50, 90))
    irregular = [np.log(periods.jitter + 0.05), np.log(periods.shimmer_db + 0.05)]
    return np.array([harmonics.mean(), harmonics.std(), *spread, *irregular])
