import numpy as np
import pytest
from numpy.typing import NDArray

from affect_llm.cues.voice.frame_grid import HOP_S, Signal
from affect_llm.cues.voice.pitch import track_pitch
from affect_llm.types import AUDIO_RATE_HZ


def vowel(f0_hz: NDArray[np.float64]) -> Signal:
    """Ten harmonics that fall by 6 dB an octave, on a given F0 per sample."""
    phase = 2 * np.pi * np.cumsum(f0_hz) / AUDIO_RATE_HZ
    return (0.1 * sum(np.sin(k * phase) / k for k in range(1, 11))).astype(np.float32)


@pytest.mark.parametrize("hz", [80.0, 110.0, 220.0, 330.0, 440.0])
def test_a_steady_vowel_has_its_pitch(hz: float) -> None:
    track = track_pitch(vowel(np.full(16_000, hz)))
    assert track.voiced[5:-5].all()
    assert np.median(track.f0_hz[5:-5]) == pytest.approx(hz, rel=0.005)


def test_a_glide_is_followed() -> None:
    hz = 120.0 * 2.0 ** (np.arange(32_000) / 32_000)
    track = track_pitch(vowel(hz))
    expected = 120.0 * 2.0 ** ((np.arange(len(track.f0_hz)) + 0.5) * HOP_S / 2.0)
    inner = slice(5, -5)
    assert np.abs(12 * np.log2(track.f0_hz[inner] / expected[inner])).max() < 0.3


def test_a_missing_fundamental_is_heard() -> None:
    time = np.arange(16_000) / AUDIO_RATE_HZ
    sound = sum(np.sin(2 * np.pi * 150 * k * time) for k in range(3, 9))
    track = track_pitch((0.05 * np.asarray(sound)).astype(np.float32))
    assert np.median(track.f0_hz[5:-5]) == pytest.approx(150.0, rel=0.01)


def test_noise_and_silence_have_no_pitch() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 32_000).astype(np.float32)
    assert track_pitch(noise).voiced.mean() < 0.05
    assert not track_pitch(np.zeros(16_000, dtype=np.float32)).voiced.any()


@pytest.mark.parametrize("n", [0, 1, 159, 161])
def test_very_short_sounds(n: int) -> None:
    assert len(track_pitch(np.zeros(n, dtype=np.float32)).f0_hz) == n // 160
