"""Runs encoders over clips: batched, streamed, cached, and with absences as values."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

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
    """One clip whose features are being made."""

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
        encoder = self.encoder
        job = _Job(clip, Gathering(encoder.width))
        self.jobs.append(job)
        if encoder.modality not in clip.modalities:
            own = (a for a in clip.absent if a.modality == encoder.modality)
            reason = f"{clip.name} has no {encoder.modality.value}"
            why = next((a for a in own if a.state in ("absent", "failed")), None)
            job.done = self._missing(why or self._absence("absent", reason))
            return
        job.key = encoder.key(clip)
        job.done = self.cache.get(job.key, encoder.provenance) if self.cache else None
        if job.done is not None:
            return
        try:
            for chunk in encoder.chunks(clip):
                self._wait(job, chunk)
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
