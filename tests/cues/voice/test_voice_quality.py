import numpy as np
import pytest
from numpy.typing import NDArray

from affect_llm.cues.voice.frame_grid import Signal
from affect_llm.cues.voice.pitch import track_pitch
from affect_llm.cues.voice.quality import harmonicity_db, measure_periods
from affect_llm.cues.voice.rate import count_syllables, pause_share
from affect_llm.types import AUDIO_RATE_HZ

Array = NDArray[np.float64]


def cycles(periods_s: Array, heights: Array, lead: float) -> Signal:
    """Two harmonics, one whole cycle per period, each of its own length and height.

    `lead` turns the cycle: at 0.25 the peak, which marks a period, lies where cycles meet.
    """
    ends = np.concatenate([[0.0], np.cumsum(periods_s)])
    time = np.arange(int(ends[-1] * AUDIO_RATE_HZ)) / AUDIO_RATE_HZ
    which = np.searchsorted(ends, time, side="right") - 1
    phase = 2 * np.pi * (time - ends[which]) / periods_s[which]
    wave = np.sin(phase + 2 * np.pi * lead) + 0.5 * np.sin(2 * phase + 2 * np.pi * lead)
    return (0.2 * heights[which] * wave).astype(np.float32)


def test_planted_jitter_is_recovered() -> None:
    # Periods alternate by +-1 %: neighbouring ones differ by 2 % of the mean.
    sign = np.resize([1.0, -1.0], 200)
    sound = cycles((1 + 0.01 * sign) / 125.0, np.ones(200), lead=0.25)
    found = measure_periods(sound, track_pitch(sound))
    assert found is not None
    assert found.jitter == pytest.approx(2.0, rel=0.15)
    assert found.shimmer_db < 0.15


def test_planted_shimmer_is_recovered() -> None:
    # Heights alternate by a factor of 1.1: 20 log10(1.1) = 0.828 dB.
    sound = cycles(np.full(200, 1 / 125.0), np.resize([1.0, 1.1], 200), lead=0.0)
    found = measure_periods(sound, track_pitch(sound))
    assert found is not None
    assert found.shimmer_db == pytest.approx(0.828, rel=0.15)
    assert found.jitter < 0.3


@pytest.mark.parametrize("hnr_db", [5.0, 10.0, 20.0])
def test_planted_harmonicity_is_recovered(hnr_db: float) -> None:
    time = np.arange(32_000) / AUDIO_RATE_HZ
    tone = np.sin(2 * np.pi * 140 * time)
    noise = np.random.default_rng(1).normal(0, np.sqrt(0.5 / 10 ** (hnr_db / 10)), 32_000)
    track = track_pitch((0.2 * (tone + noise)).astype(np.float32))
    assert harmonicity_db(track).mean() == pytest.approx(hnr_db, abs=1.5)


def test_too_few_periods_have_no_jitter() -> None:
    silence = np.zeros(8000, dtype=np.float32)
    assert measure_periods(silence, track_pitch(silence)) is None


@pytest.mark.parametrize("rate", [3.0, 5.0])
def test_modulated_sound_has_its_syllable_rate(rate: float) -> None:
    time = (np.arange(400) + 0.5) * 0.01
    level = -20 + 10 * np.sin(2 * np.pi * rate * time - np.pi / 2)
    assert count_syllables(level, np.ones(400, dtype=bool)) == pytest.approx(4 * rate, abs=1)
    assert count_syllables(level, np.zeros(400, dtype=bool)) == 0
    assert count_syllables(np.full(400, -20.0), np.ones(400, dtype=bool)) <= 1


def test_pauses_count_between_the_first_and_the_last_speech() -> None:
    speech = np.zeros(300, dtype=bool)
    speech[50:100] = speech[150:200] = True  # 50 frames of silence in 150
    assert pause_share(speech) == pytest.approx(1 / 3)
    speech[100:140] = True  # 100 ms are left: too short for a pause
    assert pause_share(speech) == 0.0
