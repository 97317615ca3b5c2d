"""A Python process that answers messages, and is killed when it falls silent.

What may crash or hang on hostile input runs in one: decoders, and detectors in native code.
"""

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from affect_llm.media import wire

_FROM_PARENT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LD_LIBRARY_PATH", "LANG")
PIPE_BYTES = 1024 * 1024
"""A picture crosses in a few pieces instead of dozens where the system lets pipes be widened."""


class ProcessEnded(Exception):
    """The process is gone.

    Args:
        exit_code: what it left, negative for a signal.
        silent: whether it was killed because it gave no answer in time.
    """

    def __init__(self, exit_code: int, *, silent: bool = False) -> None:
        super().__init__(f"exit {exit_code}")
        self.exit_code, self.silent = exit_code, silent


class WorkerProcess:
    """A process that runs `module`'s `main` with nothing of this one's but the import path.

    Args:
        module: its `main` reads messages from stdin until it ends and writes to stdout.
    """

    def __init__(self, module: str) -> None:
        search_path = [str(Path(entry or ".").resolve()) for entry in sys.path]
        environment = {name: os.environ[name] for name in _FROM_PARENT if name in os.environ}
        boot = f"import sys; sys.path[:] = sys.argv[1:]; from {module} import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", boot, *search_path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        assert self._process.stdin is not None, "it was made with pipes"
        assert self._process.stdout is not None, "it was made with pipes"
        self._requests: IO[bytes] = self._process.stdin
        self._replies: IO[bytes] = self._process.stdout
        _widen(self._requests)
        _widen(self._replies)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def send(self, header: wire.Header, payload: bytes = b"") -> None:
        """Send one message.

        Raises:
            ProcessEnded: it has died.
        """
        try:
            wire.send(self._requests, header, payload)
        except OSError as error:
            self.stop()
            raise ProcessEnded(self._process.returncode) from error

    def receive(self, timeout_s: float) -> tuple[wire.Header, bytearray]:
        """The next message.

        Raises:
            ProcessEnded: it has died, or sent nothing for `timeout_s` seconds and was killed.
        """
        silent = threading.Event()

        def give_up() -> None:
            silent.set()
            self._process.kill()

        watchdog = threading.Timer(timeout_s, give_up)
        watchdog.daemon = True
        watchdog.start()
        try:
            message = wire.receive(self._replies)
        finally:
            watchdog.cancel()
        if message is None:
            self.stop()
            raise ProcessEnded(self._process.returncode, silent=silent.is_set())
        return message

    def stop(self) -> None:
        """Kill the process and wait for it; harmless when it is gone."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._requests, self._replies):
            with contextlib.suppress(OSError):
                pipe.close()


def _widen(pipe: IO[bytes]) -> None:
    if sys.platform != "linux":
        return
    import fcntl

    with contextlib.suppress(OSError):
        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
