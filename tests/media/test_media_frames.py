"""A sampled picture is the one that is shown at its time."""

import gc
from fractions import Fraction

import av
import numpy as np
import pytest

from affect_llm.config import MediaLimits
from affect_llm.media.decode.job import Budget
from affect_llm.media.decode.video import frames
from affect_llm.media.load import load_clip
from affect_llm.types import Modality

STEADY = [i / 25 for i in range(150)]
UNSTEADY = [0.0, 0.04, 0.3, 0.31, 0.9, 2.0, 2.02, 2.5, 3.1, 3.4, 3.41, 3.42, 4.0]


def shown(studio, clip, rate_hz):
    return [(frame.time_s, studio.number(frame.image)) for frame in clip.source.frames(rate_hz)]


@pytest.mark.parametrize("options", [{"g": "12", "bf": "2"}, {"g": "250", "bf": "3"}, {"g": "1"}])
@pytest.mark.parametrize("rate_hz", [0.4, 1.0, 4.0, 10.0])
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_samples_are_the_nearest_frames(studio, limits, name, options, rate_hz):
    clip = load_clip(studio.film(name, STEADY, options=options), limits=limits)
    got = shown(studio, clip, rate_hz)
    goals = np.arange(0, 150 / 25 - 0.02, 1 / rate_hz)
    assert len(got) == len(goals)
    for goal, (time_s, number) in zip(goals, got, strict=True):
        assert abs(STEADY[number] - time_s) < 0.002
        assert abs(time_s - goal) <= 0.021


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_every_frame_when_the_rate_is_high(studio, limits, name):
    clip = load_clip(studio.film(name, STEADY), limits=limits)
    assert [number for _, number in shown(studio, clip, 1000)] == list(range(150))
    assert clip.duration_s == pytest.approx(6, abs=0.05)


@pytest.mark.parametrize("offset_s", [0.0, 7.5])
def test_variable_rate_and_a_late_first_timestamp(studio, limits, offset_s):
    film = studio.film("a.mkv", [time + offset_s for time in UNSTEADY])
    got = shown(studio, load_clip(film, limits=limits), 4)
    times = [time for time, _ in got]
    assert times[0] == 0
    assert times == sorted(set(times))
    assert all(abs(UNSTEADY[number] - time) < 0.002 for time, number in got)
    assert {number for _, number in got} >= {0, 5, 8}


def test_a_long_gap_between_keyframes_is_jumped(studio, limits):
    times = [i / 10 for i in range(900)]
    film = studio.film("a.mp4", times, options={"g": "50", "bf": "2", "preset": "ultrafast"})
    got = shown(studio, load_clip(film, limits=limits), 0.1)
    assert [round(time) for time, _ in got] == list(range(0, 90, 10))
    assert all(times[number] == pytest.approx(time, abs=0.002) for time, number in got)


def test_pictures_begin_with_the_clip_and_not_with_the_sound(studio, limits, sound_kind):
    film = studio.film("a.mkv", [i / 25 + 0.5 for i in range(50)], sound=sound_kind())
    clip = load_clip(film, limits=limits)
    assert next(clip.source.frames(4)).time_s == pytest.approx(0.5, abs=0.03)
    assert clip.duration_s == pytest.approx(2.5, abs=0.06)


@pytest.mark.parametrize(
    ("matrix", "turned"),
    [
        ((0, 1, -1, 0), lambda image: np.rot90(image, -1)),
        ((-1, 0, 0, -1), lambda image: np.rot90(image, 2)),
        ((0, -1, 1, 0), lambda image: np.rot90(image, 1)),
        ((-1, 0, 0, 1), lambda image: image[:, ::-1]),
    ],
)
def test_a_rotation_flag_turns_the_picture_upright(studio, limits, matrix, turned):
    film = studio.film("a.mp4", STEADY[:5])
    data = bytearray(film.read_bytes())
    a, b, c, d = (value * 65536 for value in matrix)
    at = data.index(b"tkhd") + 4 + 40
    data[at : at + 36] = np.array([a, b, 0, c, d, 0, 0, 0, 1 << 30], ">i4").tobytes()
    film.write_bytes(data)
    image = next(load_clip(film, limits=limits).source.frames(4)).image
    expected = turned(studio.numbered(0))
    assert image.shape == expected.shape
    assert np.abs(image.astype(int) - expected).mean() < 8


def test_pixels_become_square(studio, limits):
    film = studio.film("a.mp4", STEADY[:5], aspect=Fraction(2, 1))
    assert next(load_clip(film, limits=limits).source.frames(4)).image.shape == (96, 320, 3)


def test_large_pictures_are_scaled_down(studio, limits):
    film = studio.film("a.mp4", [0, 0.04], size=(1920, 1080), options={"preset": "ultrafast"})
    assert next(load_clip(film, limits=limits).source.frames(4)).image.shape == (720, 1280, 3)


def test_a_black_film_is_pictures_all_the_same(studio, limits):
    clip = load_clip(studio.film("a.mp4", STEADY[:30], black=True), limits=limits)
    assert Modality.VISUAL in clip.modalities
    assert max(int(frame.image.max()) for frame in clip.source.frames(4)) < 8


def test_asking_again_gives_the_same_bytes(studio, limits):
    clip = load_clip(studio.film("a.mp4", STEADY), limits=limits)
    first, again = ([f.image.tobytes() for f in clip.source.frames(3)] for _ in range(2))
    assert first == again
    assert len(first) == 18


@pytest.mark.parametrize("rate_hz", [0, -1, float("nan"), float("inf")])
def test_a_rate_must_be_positive(studio, limits, rate_hz):
    clip = load_clip(studio.film("a.mp4", STEADY[:5]), limits=limits)
    with pytest.raises(ValueError, match="rate_hz"):
        clip.source.frames(rate_hz)


@pytest.mark.parametrize(("rate_hz", "most"), [(0.1, 300), (1.0, 780)])
def test_sparse_samples_decode_few_frames(studio, rate_hz, most):
    times = [i / 10 for i in range(900)]
    film = studio.film("a.mp4", times, options={"g": "50", "bf": "3", "preset": "ultrafast"})
    budget = Budget(MediaLimits().model_dump(), alive=lambda: None)
    decoded = []
    budget.spend_frame = lambda width, height: decoded.append((width, height))
    list(frames(str(film), rate_hz, 0.0, False, budget))
    assert len(decoded) < most


def test_frames_are_freed_without_the_cycle_collector(studio):
    film = studio.film("a.mp4", STEADY)
    budget = Budget(MediaLimits().model_dump(), alive=lambda: None)
    gc.collect()
    gc.disable()
    try:
        assert len(list(frames(str(film), 1000, 0.0, False, budget))) == 150
        left = sum(type(thing) is av.VideoFrame for thing in gc.get_objects())
    finally:
        gc.enable()
    assert left <= 2
