"""Other voices, rooms and microphones from the same recording; the label stays."""

import numpy as np

from affect_llm.cues.voice.frame_grid import Signal
from affect_llm.types import AUDIO_RATE_HZ

SPEEDS = (0.86, 0.92, 1.0, 1.08, 1.16)
"""Playing faster shortens the vocal tract and raises the pitch: another speaker's body."""


def vary(samples: Signal, rng: np.random.Generator) -> Signal:
    """A random speed, equaliser, room, noise floor and gain for `samples` (n,) float32."""
    changed = change_speed(samples, float(rng.choice(SPEEDS)))
    changed = tilt(changed, float(rng.normal(0.0, 1.0)))
    if rng.random() < 0.3:
        changed = reverberate(changed, float(rng.uniform(0.1, 0.4)), rng)
    changed = add_noise(changed, float(rng.uniform(18.0, 50.0)), rng)
    gain_db = float(rng.normal(0.0, 3.0))
    louder = np.clip(changed * 10.0 ** (gain_db / 20.0), -1.0, 1.0)
    return np.asarray(louder, dtype=np.float32)


def change_speed(samples: Signal, factor: float) -> Signal:
    """Resample so that it lasts 1 / `factor` as long; pitch and formants rise by `factor`."""
    from scipy.signal import resample_poly

    if factor == 1.0:
        return samples
    return np.asarray(resample_poly(samples, 100, round(100 * factor)), dtype=np.float32)


def tilt(samples: Signal, db_per_octave: float) -> Signal:
    """Tilt the spectrum around 1 kHz, at most 12 dB either way: another microphone."""
    spectrum = np.fft.rfft(samples)
    hz = np.fft.rfftfreq(len(samples), 1 / AUDIO_RATE_HZ)
    gain_db = np.clip(db_per_octave * np.log2(np.maximum(hz, 50.0) / 1000.0), -12, 12)
    tilted = np.fft.irfft(spectrum * 10.0 ** (gain_db / 20.0), len(samples))
    return np.asarray(tilted, dtype=np.float32)


def reverberate(samples: Signal, decay_s: float, rng: np.random.Generator) -> Signal:
    """Convolve with exponentially decaying noise, 60 dB down after `decay_s`."""
    from scipy.signal import fftconvolve

    time = np.arange(int(decay_s * AUDIO_RATE_HZ)) / AUDIO_RATE_HZ
    tail = rng.normal(0.0, 1.0, len(time)) * np.exp(-6.9 * time / decay_s)
    response = 0.3 * tail / np.sqrt(np.sum(np.square(tail)))
    response[0] += 1.0
    return np.asarray(fftconvolve(samples, response)[: len(samples)], dtype=np.float32)


def add_noise(samples: Signal, snr_db: float, rng: np.random.Generator) -> Signal:
    """White to pink noise, `snr_db` below the level of the recording."""
    white = np.fft.rfft(rng.normal(0.0, 1.0, len(samples)))
    slope = rng.uniform(0.0, 0.5)
    coloured = np.fft.irfft(white / np.maximum(np.arange(len(white)), 1) ** slope, len(samples))
    power = float(np.mean(np.square(samples))) / 10.0 ** (snr_db / 10.0)
    scale = np.sqrt(power / max(float(np.mean(np.square(coloured))), 1e-12))
    return np.asarray(samples + scale * coloured, dtype=np.float32)
