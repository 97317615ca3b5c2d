"""A face detector in a process of its own: native code that aborts costs a clip, not the run.

MediaPipe ends the process that it runs in on some pictures (one of 1 x 1280 pixels, for example).
"""

import importlib
import os
import sys
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import MediaError
from affect_llm.media import wire
from affect_llm.media.process import ProcessEnded, WorkerProcess

_LONGEST_S = 60.0
"""A detector that says nothing for so long is stopped; a large picture takes about a second."""


class DetectorProcess:
    """Asks a detector that runs elsewhere; the process starts at the first picture.

    Args:
        opener: "module:function" of the process; its result takes a picture and gives a list of
            what JSON can carry.
        arguments: of the function, as JSON can carry them.
    """

    def __init__(self, opener: str, **arguments: Any) -> None:
        self._opening = {"opener": opener, "arguments": arguments}
        self._process: WorkerProcess | None = None

    def detect(self, picture: NDArray[np.uint8]) -> list[Any]:
        """What the detector finds in a (H, W) or (H, W, 3) uint8 picture.

        Raises:
            ImportError: the detector's package is not there.
            ValueError: the detector cannot be opened with these arguments.
            MediaError: it failed, died or fell silent; the next picture gets a new process.
        """
        height, width = picture.shape[:2]
        try:
            if self._process is None:
                self._process = WorkerProcess(__name__)
                finalize(self, self._process.stop)
                self._process.send(self._opening)
            self._process.send({"shape": picture.shape}, picture.tobytes())
            reply, _ = self._process.receive(_LONGEST_S)
        except ProcessEnded as end:
            self.close()
            how = f"kept silent for {_LONGEST_S:g} s" if end.silent else f"exit {end.exit_code}"
            raise MediaError(
                f"A picture of {width} x {height} pixels made the face detector stop ({how}); "
                "its faces are not known. Convert the file, or leave it out."
            ) from end
        if reply["state"] == "missing":
            raise ImportError(reply["reason"])
        if reply["state"] == "unopened":
            raise ValueError(reply["reason"])
        if reply["state"] == "failed":
            raise MediaError(
                f"The face detector fails on a picture of {width} x {height} pixels: "
                f"{reply['reason']}"
            )
        faces: list[Any] = reply["found"]
        return faces

    def close(self) -> None:
        """Stop the process; the next picture starts another."""
        if self._process is not None:
            self._process.stop()
            self._process = None


def main() -> None:
    """Answer pictures until the owner closes the pipe; the process's own end."""
    requests = sys.stdin.buffer
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not break the protocol
    opening = wire.receive(requests)
    detector: Any = None
    while opening is not None and (message := wire.receive(requests)) is not None:
        header, payload = message
        picture = np.frombuffer(payload, dtype=np.uint8).reshape(header["shape"])
        reply: dict[str, Any]
        try:
            if detector is None:
                module, _, function = opening[0]["opener"].partition(":")
                opener = getattr(importlib.import_module(module), function)
                detector = opener(**opening[0]["arguments"])
            reply = {"state": "found", "found": detector(picture)}
        except ImportError as error:
            reply = {"state": "missing", "reason": str(error)}
        except Exception as error:
            state = "unopened" if detector is None else "failed"
            reply = {"state": state, "reason": f"{error}"}
        wire.send(replies, reply)
    os._exit(0)  # MediaPipe's own way out can hang
