"""Decoding processes that wait for the next file, so that a small file costs no start-up."""

import atexit
import os
import threading
from collections.abc import Iterator
from typing import Any

from affect_llm.config import MediaLimits
from affect_llm.media import wire
from affect_llm.media.child import Child

IDLE = 2
"""Processes kept when nothing is being decoded: one for pictures and one for sound."""


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
