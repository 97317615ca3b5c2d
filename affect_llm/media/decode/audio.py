"""Sound as consecutive windows of mono float32."""

from collections.abc import Iterator

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from affect_llm.media.decode.container import audio_stream, decode, open_file, packets, seconds
from affect_llm.media.decode.job import Budget, Item, Refusal

Samples = NDArray[np.float32]

GAP_S = 0.1
"""Timestamps may wander from the count of samples by this much before silence is put in."""


def windows(
    path: str, window_s: float, rate_hz: int, origin_s: float, budget: Budget
) -> Iterator[Item]:
    """Items `{start_s}` with float32 bytes; each `window_s` long, the last may be shorter."""
    length = max(1, round(min(window_s, budget.max_duration_s) * rate_hz))
    waiting: list[Samples] = []
    ready = done = 0
    for block in _blocks(path, rate_hz, origin_s, budget):
        waiting.append(block)
        ready += len(block)
        while ready >= length:
            joined = np.concatenate(waiting)
            yield _item(joined[:length], done, rate_hz)
            waiting, ready, done = [joined[length:]], ready - length, done + length
    if ready:
        yield _item(np.concatenate(waiting), done, rate_hz)


def _item(samples: Samples, done: int, rate_hz: int) -> Item:
    return {"start_s": done / rate_hz}, samples.tobytes()


def _blocks(path: str, rate_hz: int, origin_s: float, budget: Budget) -> Iterator[Samples]:
    """Samples without gaps from `origin_s` on: what is missing is silence."""
    with open_file(path, budget) as container:
        stream = audio_stream(container)
        if stream is None:
            raise Refusal("has no audio stream.")
        timeline = _Timeline(rate_hz, budget)
        for packet in packets(container, stream):
            for frame in decode(packet):
                if isinstance(frame, AudioFrame):
                    start_s = seconds(frame.pts, stream)
                    yield from timeline.put(frame, None if start_s is None else start_s - origin_s)
        yield from timeline.flush()


class _Timeline:
    """Resamples frames and lays them where their timestamps say."""

    def __init__(self, rate_hz: int, budget: Budget) -> None:
        self._rate_hz, self._budget = rate_hz, budget
        self._expected_s = 0.0
        self._sent = 0
        self._resampler: AudioResampler | None = None
        self._form: tuple[object, ...] = ()

    def put(self, frame: AudioFrame, start_s: float | None) -> Iterator[Samples]:
        """Blocks that `frame`, beginning at `start_s`, completes."""
        tolerance_s = GAP_S if self._form else 0.0
        if start_s is not None and start_s - self._expected_s > tolerance_s:
            self._budget.check_time(start_s)
            yield from self.flush()
            silence = round(start_s * self._rate_hz) - self._sent
            for begin in range(0, silence, self._rate_hz):  # a second at a time
                block = np.zeros(min(self._rate_hz, silence - begin), np.float32)
                self._sent += len(block)
                yield block
            self._expected_s = start_s
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._form:
            yield from self.flush()
            self._form = form
        self._resampler = self._resampler or AudioResampler("flt", "mono", self._rate_hz)
        self._expected_s += frame.samples / frame.sample_rate
        frame.pts = None
        yield from self._out(self._resampler.resample(frame))

    def flush(self) -> Iterator[Samples]:
        """The blocks that the resampler still holds."""
        if self._resampler is not None:
            resampler, self._resampler = self._resampler, None
            yield from self._out(resampler.resample(None))

    def _out(self, frames: list[AudioFrame]) -> Iterator[Samples]:
        for frame in frames:
            block = np.nan_to_num(frame.to_ndarray().reshape(-1)).astype(np.float32)
            self._sent += len(block)
            self._budget.check_time(self._sent / self._rate_hz)
            yield np.clip(block, -1.0, 1.0)
