import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_clips import sound_clip, spoken_clip, voice_like
from numpy.typing import NDArray

from affect_llm.encoders.cache import CACHE_VARIABLE, FeatureCache, cache_root
from affect_llm.encoders.encoder import FeatureChunk
from affect_llm.encoders.fake import FakeAudio, FakeOptions, FakeText
from affect_llm.encoders.runner import encode, encode_all
from affect_llm.errors import MediaError
from affect_llm.types import Absence, Clip, Features, Modality


class Counting(FakeAudio):
    """Remembers how many chunks it saw at a time."""

    def __init__(self, options: FakeOptions) -> None:
        super().__init__(options)
        self.batches: list[int] = []

    def forward(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        self.batches.append(len(inputs))
        return super().forward(inputs)


def clips(count: int) -> list[Clip]:
    return [sound_clip(voice_like(0.3 + 0.4 * k, k), f"c{k}") for k in range(count)]


def same(one: Features, other: Features) -> bool:
    return bool(
        (one.array == other.array).all()
        and (one.times_s == other.times_s).all()
        and (one.modality, one.source) == (other.modality, other.source)
    )


def test_a_second_look_computes_nothing_and_is_the_same(tmp_path: Path) -> None:
    encoder, cache = Counting(FakeOptions()), FeatureCache(tmp_path)
    first = encode(encoder, clips(1)[0], cache)
    seen = list(encoder.batches)
    assert same(first, encode(encoder, clips(1)[0], FeatureCache(tmp_path)))
    assert encoder.batches == seen
    other = Counting(FakeOptions(width=9))
    assert encode(other, clips(1)[0], cache).width == 9
    assert other.batches


def test_words_are_their_own_key(tmp_path: Path) -> None:
    encoder, cache = FakeText(FakeOptions()), FeatureCache(tmp_path)
    one = encode(encoder, spoken_clip(("yes", 0, 1)), cache)
    assert not same(one, encode(encoder, spoken_clip(("no", 0, 1)), cache))


def test_a_damaged_file_is_computed_again(tmp_path: Path) -> None:
    encoder, cache = Counting(FakeOptions()), FeatureCache(tmp_path)
    clip = clips(1)[0]
    first = encode(encoder, clip, cache)
    (file,) = tmp_path.iterdir()
    for damage in (b"", b"\xff" * 40, file.read_bytes()[:-3]):
        file.write_bytes(damage)
        assert same(first, encode(encoder, clip, cache))
        assert file.stat().st_size > 60


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    encoder, cache = Counting(FakeOptions()), FeatureCache(tmp_path)
    three = [sound_clip(voice_like(0.4, k), f"c{k}") for k in range(3)]
    for clip in three[:2]:
        encode(encoder, clip, cache)
    size = sum(f.stat().st_size for f in tmp_path.iterdir()) // 2
    for age, file in enumerate(sorted(tmp_path.iterdir(), key=lambda f: f.stat().st_mtime_ns)):
        os.utime(file, (age + 1, age + 1))
    encode(encoder, three[0], cache)  # looked at: now the newest
    encode(encoder, three[2], FeatureCache(tmp_path, max_bytes=2 * size + 50))
    encoder.batches.clear()
    for clip in (three[0], three[2]):
        encode(encoder, clip, cache)
    assert encoder.batches == []
    encode(encoder, three[1], cache)
    assert encoder.batches
    small = tmp_path / "small"
    small.mkdir()
    (small / "letter.safetensors").write_bytes(b"somebody's own")
    encode(encoder, three[0], FeatureCache(small, max_bytes=10))
    assert [f.name for f in small.iterdir()] == ["letter.safetensors"]


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    found = encode(Counting(FakeOptions()), clips(1)[0], FeatureCache(blocked / "inside"))
    assert found.absent is None


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    assert cache_root() == tmp_path
    monkeypatch.delenv(CACHE_VARIABLE)
    assert cache_root().name == "features"


def test_equal_chunks_share_batches_across_clips_and_order_is_kept() -> None:
    encoder, several = Counting(FakeOptions(batch=4)), clips(6)
    found = list(encode_all(encoder, several))
    assert max(encoder.batches) == 4
    assert sum(encoder.batches) == sum(len(f.array) for f in found)
    for clip, features in zip(several, found, strict=True):
        assert same(features, encode(Counting(FakeOptions()), clip))


class Breaking(FakeAudio):
    """Loses the file half way through the clips that are called so."""

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        yield from super().chunks(clip)
        if clip.name == "broken":
            raise MediaError("broken.mp4 breaks off after 1 s.")


def test_broken_media_are_an_absence_and_the_others_go_on(tmp_path: Path) -> None:
    whole, broken = clips(1)[0], sound_clip(voice_like(0.9, 7), "broken")
    cache = FeatureCache(tmp_path)
    one, other, third = encode_all(Breaking(FakeOptions()), [whole, broken, whole], cache)
    assert same(one, third)
    assert other.absent == Absence(
        modality=Modality.AUDIO, state="failed", reason="broken.mp4 breaks off after 1 s."
    )
    assert len(list(tmp_path.iterdir())) == 1, "an absence is not kept"


class Overflowing(FakeAudio):
    """What a model in half precision may do."""

    def forward(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        return super().forward(inputs) * np.float32(np.inf)


def test_numbers_that_are_not_finite_are_an_absence(tmp_path: Path) -> None:
    found = encode(Overflowing(FakeOptions()), clips(1)[0], FeatureCache(tmp_path))
    assert found.absent is not None
    assert "not finite" in found.absent.reason


def test_the_clips_own_reason_is_passed_on() -> None:
    why = Absence(modality=Modality.AUDIO, state="absent", reason="the file has no sound")
    clip = Clip("x", "x", 1.0, frozenset({Modality.VISUAL}), absent=(why,))
    assert encode(FakeAudio(FakeOptions()), clip).absent == why


@pytest.mark.parametrize(
    ("array", "times", "message"),
    [
        (np.zeros((2, 3)), np.zeros((3, 2)), "times"),
        (np.full((1, 3), np.nan), np.zeros((1, 2)), "not finite"),
        (np.zeros((1, 3)), np.array([[2.0, 1.0]]), "no spans"),
        (np.zeros((2, 3)), np.array([[2.0, 3.0], [1.0, 4.0]]), "time order"),
        (np.zeros((0, 3)), np.zeros((0, 2)), "say why"),
    ],
)
def test_features_that_break_their_word_are_not_made(
    array: NDArray[np.float32], times: NDArray[np.float64], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Features(Modality.AUDIO, array, times, "made@1#x")
