"""Decoding processes, which wait for the next file, so that a small file costs no start-up.

A process imports numpy and PyAV only. It is asked for one item at a time, and always for one item
ahead, so that it decodes while its owner computes.
"""

import atexit
import os
import threading
from collections.abc import Iterator
from typing import Any

from affect_llm.config import MediaLimits
from affect_llm.errors import MediaError
from affect_llm.media import wire
from affect_llm.media.process import ProcessEnded, WorkerProcess

IDLE = 2
"""Processes kept when nothing is being decoded: one for pictures and one for sound."""


class Child(WorkerProcess):
    """One decoding process, as its owner sees it.

    Raises:
        MediaError: when the process refuses a file, dies, or is silent for longer than
            `limits.timeout_s`.
    """

    def __init__(self) -> None:
        super().__init__("affect_llm.media.worker")
        self._job = 0

    def run(
        self, task: str, name: str, limits: MediaLimits, arguments: dict[str, Any]
    ) -> Iterator[tuple[wire.Header, bytearray]]:
        """What `task` yields, lazily; leaving the iteration early leaves the process usable.

        Args:
            task: a name in `worker.TASKS`.
            name: what messages call the file.
            limits: budgets of the job.
            arguments: keyword arguments of the task that JSON can carry.
        """
        self._job += 1
        budget = limits.model_dump()
        start = {"job": self._job, "task": task, "limits": budget, "arguments": arguments}
        try:
            self.send(start)
            while True:
                header, payload = self.receive(limits.timeout_s)
                if header["job"] != self._job or header["kind"] == "alive":
                    continue
                if header["kind"] == "end":
                    return
                if header["kind"] == "refused":
                    raise MediaError(f"{name} {header['reason']}")
                self.send({"job": self._job})
                yield header, payload
        except ProcessEnded as end:
            raise MediaError(
                f"{name} kept the decoder silent for {limits.timeout_s:g} s, so it was stopped; "
                "convert the file, or raise limits.timeout_s."
                if end.silent
                else f"{name} made the decoder stop (exit {end.exit_code}): the file is damaged "
                "or needs more than limits.max_memory_bytes; convert it to another format."
            ) from end


class Pool:
    """Lends one process per running job and keeps up to `IDLE` for later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._lent: set[Child] = set()

    def run(
        self, task: str, name: str, limits: MediaLimits, arguments: dict[str, Any]
    ) -> Iterator[tuple[wire.Header, bytearray]]:
        """`Child.run` in a process of its own for as long as the iteration lasts."""
        with self._lock:
            while self._idle and not self._idle[-1].alive:
                self._idle.pop().stop()
            child = self._idle.pop() if self._idle else Child()
            self._lent.add(child)
        try:
            yield from child.run(task, name, limits, arguments)
        finally:
            with self._lock:
                self._lent.discard(child)
                stays = child.alive and len(self._idle) < IDLE
                if stays:
                    self._idle.append(child)
            if not stays:
                child.stop()

    def close(self) -> None:
        """Stop all processes, the ones at work too."""
        with self._lock:
            children = [*self._idle, *self._lent]
            self._idle.clear()
            self._lent.clear()
        for child in children:
            child.stop()

    def forget(self) -> None:
        """After a fork the processes belong to the parent."""
        self._lock = threading.Lock()
        self._idle.clear()
        self._lent.clear()


POOL = Pool()
atexit.register(POOL.close)
if os.name == "posix":
    os.register_at_fork(after_in_child=POOL.forget)
