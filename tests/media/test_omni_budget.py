from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from affect_llm.config import MediaBudget, MediaLimits
from affect_llm.media.budgeted import BudgetedMedia
from affect_llm.media.load import load_clip
from affect_llm.types import AudioWindow, Frame, MediaInput, Modality, TimeSpan

BOTH = frozenset({Modality.VISUAL, Modality.AUDIO})
DEMO = Path(__file__).parents[2] / "examples" / "demo.mp4"


@dataclass(frozen=True)
class Ramp:
    """Pictures whose grey is their time in seconds, and sound whose samples are theirs."""

    duration_s: float = 60.0

    def frames(self, rate_hz: float) -> Iterator[Frame]:
        for n in range(int(self.duration_s * rate_hz) + 1):
            yield Frame(n / rate_hz, np.full((200, 300, 3), int(n / rate_hz), np.uint8))

    def audio(self, window_s: float) -> Iterator[AudioWindow]:
        for start in np.arange(0, self.duration_s, window_s):
            end = min(start + window_s, self.duration_s)
            yield AudioWindow(float(start), np.arange(start, end, 1 / 16_000).astype(np.float32))


def read(
    start: float, end: float, wanted: frozenset[Modality] = BOTH, **budget: float
) -> MediaInput:
    span = TimeSpan(start_s=start, end_s=end)
    return BudgetedMedia(Ramp(), span, wanted, MediaBudget(**budget)).read()  # type: ignore[arg-type]


def test_a_window_gets_its_own_pictures_and_sound() -> None:
    media = read(20, 28, frames=8)
    assert len(media.frames) == 8
    assert media.times_s[0] == pytest.approx(20, abs=0.5)
    assert media.times_s[-1] <= 28
    assert media.frames[:, 0, 0, 0].tolist() == [int(t) for t in media.times_s]
    assert media.audio[[0, -1]] == pytest.approx([20, 28], abs=1e-3)
    assert media.audio_start_s == 20


def test_no_more_than_the_budget() -> None:
    media = read(0, 60, frames=5, audio_s=12.5, side=100)
    assert media.frames.shape == (5, 66, 100, 3)
    assert np.diff(media.times_s) == pytest.approx([12] * 4)
    assert len(media.audio) == 12.5 * 16_000
    assert len(read(0, 2, frames=50, frames_per_s=3).frames) <= 7


def test_only_what_is_wanted_and_a_still() -> None:
    assert len(read(0, 5, frozenset({Modality.VISUAL})).audio) == 0
    assert len(read(0, 5, frozenset({Modality.AUDIO})).frames) == 0
    still = read(0, 0)
    assert len(still.frames) == 1
    assert len(still.audio) == 0


def test_a_file_is_sought_to_the_window() -> None:
    clip = load_clip(DEMO, limits=MediaLimits())
    assert clip.source is not None
    media = BudgetedMedia(
        clip.source, TimeSpan(start_s=5, end_s=8), BOTH, MediaBudget(frames=3)
    ).read()
    whole = {f.time_s: f.image for f in clip.source.frames(1.0)}
    assert media.times_s.tolist() == [5.0, 6.0, 7.0]
    assert abs(media.frames[0].mean() - whole[5.0].mean()) < 1
    assert abs(media.frames[0].mean() - whole[2.0].mean()) > abs(
        media.frames[0].mean() - whole[5.0].mean()
    )
    assert len(media.audio) == 3 * 16_000


@pytest.mark.parametrize(
    ("frames", "times", "audio"),
    [
        (np.zeros((2, 4, 4), np.uint8), np.zeros(2), np.zeros(0, np.float32)),
        (np.zeros((2, 4, 4, 3), np.uint8), np.array([1.0, 0.0]), np.zeros(0, np.float32)),
        (np.zeros((2, 4, 4, 3), np.uint8), np.zeros(2), np.zeros(0)),
    ],
)
def test_what_is_no_media_input(frames: np.ndarray, times: np.ndarray, audio: np.ndarray) -> None:  # type: ignore[type-arg]
    with pytest.raises(ValueError, match=r"frames|audio"):
        MediaInput(frames, times, audio)
