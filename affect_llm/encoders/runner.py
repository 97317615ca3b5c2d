"""Runs encoders over clips: batched, streamed, cached, and with absences as values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from affect_llm.encoders.cache import FeatureCache
from affect_llm.encoders.encoder import Encoder, FeatureChunk
from affect_llm.encoders.steps import Gathering
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
class _Job:
    """One clip under way."""

    clip: Clip
    steps: Gathering
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
        job = _Job(clip, Gathering(self.encoder.width))
        self.jobs.append(job)
        if self.encoder.modality not in clip.modalities:
            job.done = self._missing(_not_there(self.encoder, clip))
            return
        job.key = self.encoder.key(clip)
        job.done = self.cache.get(job.key, self.encoder.provenance) if self.cache else None
        if job.done is None:
            self._read(job)

    def ready(self) -> Iterator[Features]:
        """Finished clips at the head of the line."""
        while self.jobs and (found := self._finished(self.jobs[0])) is not None:
            self.jobs.pop(0)
            yield found

    def flush(self) -> None:
        """Run whatever waits."""
        for shape in list(self.pending):
            self._run(shape)

    def _read(self, job: _Job) -> None:
        try:
            for chunk in self.encoder.chunks(job.clip):
                self._wait(job, chunk)
        except MediaError as error:
            job.done = self._missing(
                Absence(modality=self.encoder.modality, state="failed", reason=str(error))
            )
        job.read = True

    def _wait(self, job: _Job, chunk: FeatureChunk) -> None:
        shape = chunk.inputs.shape
        job.waiting += 1
        self.pending.setdefault(shape, []).append((job, chunk))
        if len(self.pending[shape]) >= self.encoder.batch:
            self._run(shape)
        if sum(map(len, self.pending.values())) >= _WAITING * self.encoder.batch:
            self.flush()

    def _run(self, shape: tuple[Any, ...]) -> None:
        waiting = self.pending.pop(shape)
        rows = self.encoder.forward(np.stack([chunk.inputs for _, chunk in waiting]))
        for (job, chunk), found in zip(waiting, rows, strict=True):
            job.steps.add(chunk, found)
            job.waiting -= 1

    def _finished(self, job: _Job) -> Features | None:
        if job.done is None and job.read and not job.waiting:
            job.done = self._gathered(job)
        return job.done

    def _gathered(self, job: _Job) -> Features:
        array, times = job.steps.rows()
        if not len(array):
            return self._missing(self.encoder.nothing(job.clip))
        if not np.isfinite(array).all():
            return self._missing(_not_finite(self.encoder, job.clip))
        found = Features(self.encoder.modality, array, times, self.encoder.provenance)
        if self.cache:
            self.cache.put(job.key, found)
        return found

    def _missing(self, why: Absence) -> Features:
        return Features.missing(self.encoder.width, self.encoder.provenance, why)


def _not_finite(encoder: Encoder, clip: Clip) -> Absence:
    reason = f"{encoder.provenance} gave numbers that are not finite for {clip.name}"
    return Absence(modality=encoder.modality, state="failed", reason=reason)


def _not_there(encoder: Encoder, clip: Clip) -> Absence:
    """The clip's own reason if it has one."""
    for absence in clip.absent:
        if absence.modality == encoder.modality and absence.state in ("absent", "failed"):
            return absence
    reason = f"{clip.name} has no {encoder.modality.value}"
    return Absence(modality=encoder.modality, state="absent", reason=reason)
