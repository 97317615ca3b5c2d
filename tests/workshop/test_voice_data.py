from pathlib import Path

import numpy as np
import pytest

from affect_llm.cues.voice.pitch import track_pitch
from affect_llm.errors import DataError
from workshop.voice.augmentation import add_noise, change_speed, tilt, vary
from workshop.voice.clips import TEST_SPEAKERS, SpeechClip, read_clips
from workshop.voice.folds import speaker_folds

HEADER = "file\tcorpus\tlang\temotion\tintensity\tspeaker\tsex\ttranscript\tdur_s\n"
ROW = "a.flac\travdess\ten\t{}\tstrong\travdess_13\tM\tKids are talking\t3.3\n"


def test_labels_become_canonical(tmp_path: Path) -> None:
    (tmp_path / "labels.tsv").write_text(HEADER + ROW.format("fearful"))
    (found,) = read_clips(tmp_path)
    assert (found.emotion, found.strong, found.test) == ("fear", True, True)


def test_a_missing_table_a_column_and_an_unknown_label_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"labels\.tsv"):
        read_clips(tmp_path)
    (tmp_path / "labels.tsv").write_text("file\temotion\n")
    with pytest.raises(DataError, match="corpus"):
        read_clips(tmp_path)
    (tmp_path / "labels.tsv").write_text(HEADER + ROW.format("zesty"))
    with pytest.raises(DataError, match="zesty"):
        read_clips(tmp_path)


def test_no_speaker_is_in_two_folds_and_no_test_speaker_in_any() -> None:
    names = [f"ravdess_{i:02}" for i in range(1, 17)] + [f"emodb_{i:02}" for i in (3, 8, 9, 10, 11)]
    clips = [
        SpeechClip("f", Path("f"), s.split("_")[0], "en", "anger", False, s, "w")
        for s in names
        for _ in range(3)
    ]
    folds = [{clips[i].speaker for i in fold} for fold in speaker_folds(clips)]
    assert sum(len(f) for f in folds) == len(set().union(*folds)) == 16
    assert not set().union(*folds) & TEST_SPEAKERS


def test_speed_moves_the_pitch() -> None:
    time = np.arange(16_000) / 16_000
    sound = (0.2 * np.sin(2 * np.pi * 200 * time)).astype(np.float32)
    faster = change_speed(sound, 1.16)
    assert len(faster) == pytest.approx(16_000 / 1.16, abs=2)
    assert np.median(track_pitch(faster).f0_hz) == pytest.approx(232, rel=0.01)


def test_noise_has_its_level_and_tilt_its_slope() -> None:
    rng = np.random.default_rng(0)
    sound = rng.normal(0, 0.1, 32_000).astype(np.float32)
    noise = add_noise(sound, 20.0, rng) - sound
    assert 10 * np.log10(np.mean(sound**2) / np.mean(noise**2)) == pytest.approx(20, abs=0.1)
    gain = np.abs(np.fft.rfft(tilt(sound, 3.0))) / np.abs(np.fft.rfft(sound))
    assert 20 * np.log10(gain[4000]) == pytest.approx(3.0, abs=0.1)  # 2 kHz: one octave up


def test_variations_are_repeatable() -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, 16_000).astype(np.float32)
    a, b = (vary(sound, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(a, b)
    assert np.abs(a).max() <= 1.0
