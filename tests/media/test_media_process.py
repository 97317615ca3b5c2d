"""Decoding happens in a process that is light, is reused, and can be killed."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from affect_llm.config import MediaLimits
from affect_llm.errors import MediaError
from affect_llm.media import pool as pool_module
from affect_llm.media.load import load_clip
from affect_llm.media.pool import Pool

FILM_S = [i / 25 for i in range(75)]


@pytest.fixture
def pool(monkeypatch):
    fresh = Pool()
    for module in ("load", "source", "transcript"):
        monkeypatch.setattr(f"affect_llm.media.{module}.POOL", fresh)
    yield fresh
    fresh.close()


def test_the_process_imports_little():
    code = (
        "import sys; from affect_llm.media import worker; import importlib\n"
        "[importlib.import_module(module) for module, _ in worker.TASKS.values()]\n"
        "print(sorted({'pydantic', 'torch', 'scipy', 'PIL', 'cv2'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_a_process_that_hangs_is_killed(studio, pool):
    clip = load_clip(studio.film("a.mp4", FILM_S), limits=MediaLimits())
    child = pool._idle[-1]
    os.kill(child.pid, signal.SIGSTOP)
    impatient = replace(clip.source, limits=MediaLimits(timeout_s=1))
    began = time.monotonic()
    with pytest.raises(MediaError, match=r"a\.mp4 kept the decoder silent for 1 s"):
        list(impatient.frames(4))
    assert 0.9 < time.monotonic() - began < 30
    assert not child.alive
    assert len(list(clip.source.frames(4))) == 12


def test_a_process_that_dies_is_replaced(studio, pool, limits):
    clip = load_clip(studio.film("a.mp4", FILM_S), limits=limits)
    frames = clip.source.frames(1000)
    next(frames)
    victim = next(iter(pool._lent))
    os.kill(victim.pid, signal.SIGKILL)
    with pytest.raises(MediaError, match=r"a\.mp4 made the decoder stop"):
        list(frames)
    assert len(list(clip.source.frames(4))) == 12


def test_memory_is_bounded(studio, pool, limits):
    film = studio.film("a.mp4", [0, 0.04], size=(1920, 1080), options={"preset": "ultrafast"})
    with pytest.raises(MediaError, match="max_memory_bytes"):
        load_clip(film, limits=MediaLimits(max_memory_bytes=1024 * 1024))
    assert load_clip(film, limits=limits).modalities


def test_one_process_serves_many_files(studio, pool, limits):
    film = studio.film("a.mp4", FILM_S)
    load_clip(film, limits=limits)
    pid = pool._idle[0].pid
    for _ in range(3):
        list(load_clip(film, limits=limits).source.frames(2))
    assert [child.pid for child in pool._idle] == [pid]


def test_pictures_and_sound_can_be_read_in_turns(studio, pool, limits, sound_kind):
    clip = load_clip(studio.film("a.mkv", FILM_S, sound=sound_kind()), limits=limits)
    pairs = list(zip(clip.source.frames(4), clip.source.audio(0.25), strict=False))
    assert [frame.time_s for frame, _ in pairs] == pytest.approx(
        [sound.start_s for _, sound in pairs], abs=0.05
    )
    assert len(pairs) == 8


def test_leaving_early_leaves_nothing_behind(studio, pool, limits):
    film = studio.film("a.mp4", FILM_S)
    for _ in range(3):
        clip = load_clip(film, limits=limits)
        frames = clip.source.frames(1000)
        assert studio.number(next(frames).image) == 0
        del frames, clip
        gc.collect()
    assert len(pool._idle) == 1
    assert not pool._lent
    pool.close()
    assert threading.active_count() < 10


def test_many_threads_have_processes_of_their_own(studio, pool, limits):
    clip = load_clip(studio.film("a.mp4", FILM_S), limits=limits)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(len(list(clip.source.frames(4)))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [12] * 4
    assert len(pool._idle) <= pool_module.IDLE
