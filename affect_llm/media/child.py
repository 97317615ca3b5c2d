"""The owner's end of one decoding process: start it, ask it, and kill it when it falls silent.

The process imports numpy and PyAV only. It is asked for one item at a time, and always for one
item ahead, so that it decodes while its owner computes.
"""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from affect_llm.config import MediaLimits
from affect_llm.errors import MediaError
from affect_llm.media import wire

_BOOT = "import sys; sys.path[:] = sys.argv[1:]; from affect_llm.media import worker; worker.main()"
_FROM_PARENT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LD_LIBRARY_PATH", "LANG")

PIPE_BYTES = 1024 * 1024
"""A picture crosses in a few pieces instead of dozens where the system lets pipes be widened."""


class Child:
    """One decoding process, as its owner sees it.

    Raises:
        MediaError: when the process refuses a file, dies, or is silent for longer than
            `limits.timeout_s`.
    """

    def __init__(self) -> None:
        search_path = [str(Path(entry or ".").resolve()) for entry in sys.path]
        environment = {name: os.environ[name] for name in _FROM_PARENT if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BOOT, *search_path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests: IO[bytes] = self._process.stdin
        self._replies: IO[bytes] = self._process.stdout
        self._job = 0
        _widen(self._replies)

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

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
        self._ask(start, name)
        while True:
            header, payload = self._receive(name, limits.timeout_s)
            if header["job"] != self._job or header["kind"] == "alive":
                continue
            if header["kind"] == "end":
                return
            if header["kind"] == "refused":
                raise MediaError(f"{name} {header['reason']}")
            self._ask({"job": self._job}, name)
            yield header, payload

    def stop(self) -> None:
        """Kill the process and wait for it; harmless when it is gone."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._requests, self._replies):
            with contextlib.suppress(OSError):
                pipe.close()

    def _ask(self, request: wire.Header, name: str) -> None:
        try:
            wire.send(self._requests, request)
        except OSError as error:
            raise self._died(name) from error

    def _receive(self, name: str, timeout_s: float) -> tuple[wire.Header, bytearray]:
        silent = threading.Event()
        watchdog = threading.Timer(timeout_s, self._give_up, [silent])
        watchdog.daemon = True
        watchdog.start()
        try:
            message = wire.receive(self._replies)
        finally:
            watchdog.cancel()
        if message is not None:
            return message
        self.stop()
        if silent.is_set():
            raise MediaError(
                f"{name} kept the decoder silent for {timeout_s:g} s, so it was stopped; "
                "convert the file, or raise limits.timeout_s."
            )
        raise self._died(name)

    def _give_up(self, silent: threading.Event) -> None:
        silent.set()
        self._process.kill()

    def _died(self, name: str) -> MediaError:
        self.stop()
        return MediaError(
            f"{name} made the decoder stop (exit {self._process.returncode}): the file is damaged "
            "or needs more than limits.max_memory_bytes; convert it to another format."
        )


def _widen(pipe: IO[bytes]) -> None:
    if sys.platform != "linux":
        return
    import fcntl

    with contextlib.suppress(OSError):
        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
