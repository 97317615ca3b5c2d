"""Runs encoders over clips: batched, streamed, cached, and with absences as values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from affect_llm.encoders.cache import FeatureCache
from affect_llm.encoders.encoder import Encoder, FeatureChunk
from affect_llm.errors import MediaError
from affect_llm.types import Absence, Clip, Features

_WAITING = 8
"""Chunks of odd sizes wait for company until there are this many batches of them."""


def encode(encoder: Encoder, clip: Clip, cache: FeatureCache | None = None) -> Features:
    """Features of one clip; see `encode_all`."""
    return next(encode_all(encoder, [clip], cache))


def encode_all(
    encoder: Encoder, clips: Iterable[Clip], cache: FeatureCache | None = None
) -> Iterator[Features]:
    """Features of each clip, in order; chunks of different clips share batches.

    A clip without the modality, or whose media break, gives features that are absent and say
    why. Those are not kept in the cache.

    Args:
        encoder: what to run.
        clips: taken one by one as the batches fill.
        cache: looked into first and added to; None for none.
    """
    line = _Line(encoder, cache)
    for clip in clips:
        line.add(clip)
        yield from line.ready()
    line.flush()
    yield from line.ready()


@dataclass(slots=True)
class _Step:
    total: NDArray[np.float64]
    count: int
    start_s: float
    end_s: float


class _Gathering:
    """Rows of a model put together: means and spans of steps, from chunks in any order.

    Args:
        width: numbers in a row.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._steps: dict[int, _Step] = {}

    def add(self, chunk: FeatureChunk, rows: NDArray[np.float32]) -> None:
        """Count a chunk's rows (K, width) towards their owners."""
        if rows.shape != (len(chunk.owner), self._width):
            raise ValueError(f"a chunk of {len(chunk.owner)} rows was answered by {rows.shape}")
        for owner, row, (start_s, end_s) in zip(chunk.owner, rows, chunk.spans, strict=True):
            if owner < 0:
                continue
            step = self._steps.get(int(owner))
            if step is None:
                first = row.astype(np.float64)
                self._steps[int(owner)] = _Step(first, 1, float(start_s), float(end_s))
                continue
            step.total += row
            step.count += 1
            step.start_s = min(step.start_s, float(start_s))
            step.end_s = max(step.end_s, float(end_s))

    def rows(self) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """(T, width) means and (T, 2) spans, in order of the owners."""
        steps = [self._steps[owner] for owner in sorted(self._steps)]
        array = np.array([s.total / s.count for s in steps], dtype=np.float32)
        times = np.array([(s.start_s, s.end_s) for s in steps])
        return array.reshape(len(steps), self._width), times.reshape(len(steps), 2)


@dataclass(slots=True)
class _Job:
    """One clip whose features are being made."""

    clip: Clip
    steps: _Gathering
    key: str = ""
    waiting: int = 0
    read: bool = False
    done: Features | None = None


@dataclass(slots=True)
class _Line:
    """Clips in the order they came, and chunks that wait for a full batch."""

    encoder: Encoder
    cache: FeatureCache | None
    jobs: list[_Job] = field(default_factory=list)
    pending: dict[tuple[Any, ...], list[tuple[_Job, FeatureChunk]]] = field(default_factory=dict)

    def add(self, clip: Clip) -> None:
        encoder = self.encoder
        job = _Job(clip, _Gathering(encoder.width))
        self.jobs.append(job)
        if encoder.modality not in clip.modalities:
            reason = f"{clip.name} has no {encoder.modality.value}"
            reasons = (a for a in clip.absent if a.modality == encoder.modality)
            why = next((a for a in reasons if a.state in ("absent", "failed")), None)
            job.done = self._missing(why or self._absence("absent", reason))
            return
        job.key = encoder.key(clip)
        job.done = self.cache.get(job.key, encoder.provenance) if self.cache else None
        if job.done is not None:
            return
        try:
            for chunk in encoder.chunks(clip):
                shape = chunk.inputs.shape
                job.waiting += 1
                self.pending.setdefault(shape, []).append((job, chunk))
                if len(self.pending[shape]) >= encoder.batch:
                    self._run(shape)
                if sum(map(len, self.pending.values())) >= _WAITING * encoder.batch:
                    self.flush()
        except MediaError as error:
            job.done = self._missing(self._absence("failed", str(error)))
        job.read = True

    def ready(self) -> Iterator[Features]:
        """Finished clips at the head of the line."""
        while self.jobs:
            job = self.jobs[0]
            if job.done is None and (job.waiting or not job.read):
                return
            self.jobs.pop(0)
            yield job.done or self._gathered(job)

    def flush(self) -> None:
        """Run the chunks that still wait for a full batch."""
        for shape in list(self.pending):
            self._run(shape)

    def _run(self, shape: tuple[Any, ...]) -> None:
        waiting = self.pending.pop(shape)
        answers = self.encoder.forward(np.stack([chunk.inputs for _, chunk in waiting]))
        for (job, chunk), rows in zip(waiting, answers, strict=True):
            job.steps.add(chunk, rows)
            job.waiting -= 1

    def _gathered(self, job: _Job) -> Features:
        encoder = self.encoder
        array, times = job.steps.rows()
        if not len(array):
            return self._missing(encoder.nothing(job.clip))
        if not np.isfinite(array).all():
            reason = f"{encoder.provenance} gave numbers that are not finite for {job.clip.name}"
            return self._missing(self._absence("failed", reason))
        features = Features(encoder.modality, array, times, encoder.provenance)
        if self.cache:
            self.cache.put(job.key, features)
        return features

    def _absence(self, state: Literal["absent", "failed"], reason: str) -> Absence:
        return Absence(modality=self.encoder.modality, state=state, reason=reason)

    def _missing(self, why: Absence) -> Features:
        return Features.missing(self.encoder.width, self.encoder.provenance, why)
