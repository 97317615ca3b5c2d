"""A sound is heard at its time, whatever the file's rate, channels and format."""

import numpy as np
import pytest

from affect_llm.media.load import load_clip
from affect_llm.types import Modality

RATE = 16_000
FORMS = {
    "cd.wav": {},
    "phone.wav": {"rate_hz": 8000, "layout": "mono"},
    "u8.wav": {"codec": "pcm_u8", "sample_format": "u8", "rate_hz": 11_025},
    "s32.wav": {"codec": "pcm_s32le", "sample_format": "s32", "rate_hz": 48_000},
    "surround.wav": {"layout": "5.1", "rate_hz": 48_000},
    "float.wav": {"codec": "pcm_f32le", "sample_format": "flt", "rate_hz": 22_050},
    "lossless.flac": {"codec": "flac", "layout": "mono", "rate_hz": 37_800},
}


def heard(clip, window_s=0.5):
    return np.concatenate([window.samples for window in clip.source.audio(window_s)])


@pytest.mark.parametrize("name", FORMS)
def test_a_click_lands_on_its_sample(studio, limits, sound_kind, name):
    clip = load_clip(studio.sound(name, sound_kind(**FORMS[name])), limits=limits)
    samples = heard(clip)
    assert clip.modalities == {Modality.AUDIO}
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(2 * RATE, abs=2)
    assert int(np.abs(samples).argmax()) == pytest.approx(1.25 * RATE, abs=4)
    assert clip.duration_s == pytest.approx(2, abs=0.001)


@pytest.mark.parametrize(
    ("name", "codec", "kind"), [("a.m4a", "aac", "fltp"), ("a.ogg", "libopus", "flt")]
)
def test_a_click_in_compressed_sound(studio, limits, sound_kind, name, codec, kind):
    sound = sound_kind(codec=codec, sample_format=kind, rate_hz=48_000)
    samples = heard(load_clip(studio.sound(name, sound), limits=limits))
    assert int(np.abs(samples).argmax()) == pytest.approx(1.25 * RATE, abs=32)


def test_windows_follow_each_other(studio, limits, sound_kind):
    clip = load_clip(studio.sound("a.wav", sound_kind(duration_s=2.1)), limits=limits)
    windows = list(clip.source.audio(0.4))
    assert [len(window.samples) for window in windows] == [6400] * 5 + [1600]
    assert [window.start_s for window in windows] == pytest.approx([0, 0.4, 0.8, 1.2, 1.6, 2.0])
    assert np.array_equal(heard(clip, 0.4), heard(clip, 100.0))


def test_sound_that_begins_late_is_preceded_by_silence(studio, limits, sound_kind):
    sound = sound_kind(start_s=1.0)
    clip = load_clip(studio.film("a.mkv", [i / 25 for i in range(75)], sound=sound), limits=limits)
    samples = heard(clip)
    assert int(np.abs(samples).argmax()) == pytest.approx(2.25 * RATE, abs=20)
    assert not samples[: RATE - 20].any()


def test_time_begins_with_the_first_timestamp(studio, limits, sound_kind):
    sound = sound_kind(start_s=9.0)
    film = studio.film("a.mkv", [9 + i / 25 for i in range(50)], sound=sound)
    clip = load_clip(film, limits=limits)
    assert int(np.abs(heard(clip)).argmax()) == pytest.approx(1.25 * RATE, abs=20)
    assert clip.duration_s == pytest.approx(2, abs=0.05)


def test_a_gap_is_silence(studio, limits, sound_kind):
    path = studio.broken_sound("a.mkv", [sound_kind(), sound_kind(start_s=5.0)])
    samples = heard(load_clip(path, limits=limits))
    loud = np.flatnonzero(np.abs(samples) > 0.2)
    assert loud.min() == pytest.approx(1.25 * RATE, abs=20)
    assert loud.max() == pytest.approx(6.25 * RATE, abs=20)
    assert not samples[round(2.1 * RATE) : round(4.9 * RATE)].any()


def test_silence_is_sound(studio, limits, sound_kind):
    clip = load_clip(studio.sound("a.wav", sound_kind(click_s=-1)), limits=limits)
    assert Modality.AUDIO in clip.modalities
    assert not heard(clip).any()


def test_values_beyond_full_scale_are_clipped(studio, limits, sound_kind):
    sound = sound_kind(codec="pcm_f32le", sample_format="flt", rate_hz=RATE, layout="mono")
    path = studio.sound("a.wav", sound)
    data = path.read_bytes()
    half, beyond = np.float32(0.5).tobytes(), [np.float32(v).tobytes() for v in (40.0, np.nan)]
    for number, value in enumerate(beyond):
        path.write_bytes(data.replace(half, value))
        samples = heard(load_clip(path, limits=limits))
        assert samples.max() == 1 - number
        assert np.isfinite(samples).all()


def test_a_film_without_sound_has_no_windows(studio, limits):
    clip = load_clip(studio.film("a.mp4", [0, 0.04, 0.08]), limits=limits)
    assert list(clip.source.audio(1.0)) == []
    assert clip.modalities == {Modality.VISUAL}


def test_a_window_must_be_positive(studio, limits, sound_kind):
    clip = load_clip(studio.sound("a.wav", sound_kind()), limits=limits)
    with pytest.raises(ValueError, match="window_s"):
        clip.source.audio(0)
