"""A native detector that dies, hangs or fails costs one picture, and the next one is looked at."""

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from affect_llm.cues.face import detector_process
from affect_llm.cues.face.detector_process import DetectorProcess
from affect_llm.cues.face.views import enlarged
from affect_llm.errors import MediaError

Picture = NDArray[np.uint8]


def picture(level: int) -> Picture:
    return np.full((4, 6), level, dtype=np.uint8)


def open_moody(mood: str) -> Callable[[Picture], list[Any]]:
    """Detect the level of a picture; 1 aborts, 2 hangs, 3 fails."""
    if mood == "bad":
        raise ValueError("no such model")

    def detect(image: Picture) -> list[Any]:
        level = int(image[0, 0])
        if level == 1:
            os.abort()
        if level == 2:
            time.sleep(60)
        if level == 3:
            raise RuntimeError("the graph is broken")
        return [level, list(image.shape)]

    return detect


@pytest.fixture
def detector(monkeypatch: pytest.MonkeyPatch) -> DetectorProcess:
    monkeypatch.syspath_prepend(os.path.dirname(__file__))
    return DetectorProcess("test_detector_process:open_moody", mood="good")


def test_pictures_are_answered_in_order(detector: DetectorProcess) -> None:
    assert [detector.detect(picture(level)) for level in (7, 9)] == [[7, [4, 6]], [9, [4, 6]]]


def test_an_abort_is_a_sentence_and_the_next_picture_is_looked_at(
    detector: DetectorProcess,
) -> None:
    with pytest.raises(MediaError, match=r"6 x 4 pixels made the face detector stop \(exit -6\)"):
        detector.detect(picture(1))
    assert detector.detect(picture(5)) == [5, [4, 6]]


def test_silence_is_ended(detector: DetectorProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    detector.detect(picture(5))
    monkeypatch.setattr(detector_process, "_LONGEST_S", 0.5)
    with pytest.raises(MediaError, match=r"kept silent for 0\.5 s"):
        detector.detect(picture(2))


def test_a_failure_is_a_sentence(detector: DetectorProcess) -> None:
    with pytest.raises(MediaError, match="fails on a picture of 6 x 4 pixels: the graph is broken"):
        detector.detect(picture(3))
    assert detector.detect(picture(4)) == [4, [4, 6]]


def test_what_cannot_be_opened_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(os.path.dirname(__file__))
    with pytest.raises(ValueError, match="no such model"):
        DetectorProcess("test_detector_process:open_moody", mood="bad").detect(picture(5))
    with pytest.raises(ImportError):
        DetectorProcess("no_such_module:open_it").detect(picture(5))


@pytest.mark.parametrize("shape", [(1, 1280), (1280, 1), (2, 40000), (10, 10), (150, 190)])
def test_a_strip_is_not_enlarged_without_bound(shape: tuple[int, int]) -> None:
    view = enlarged(np.zeros(shape, dtype=np.uint8))
    assert max(view.picture.shape) <= max(2048, *shape) + 100
