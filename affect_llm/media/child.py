"""The owner's end of one decoding process: start it, ask it, and say why it gave up on a file.

The process imports numpy and PyAV only. It is asked for one item at a time, and always for one
item ahead, so that it decodes while its owner computes.
"""

from collections.abc import Iterator
from typing import Any

from affect_llm.config import MediaLimits
from affect_llm.errors import MediaError
from affect_llm.media import wire
from affect_llm.media.process import ProcessEnded, WorkerProcess


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
            raise MediaError(_why(name, end, limits)) from end


def _why(name: str, end: ProcessEnded, limits: MediaLimits) -> str:
    if end.silent:
        return (
            f"{name} kept the decoder silent for {limits.timeout_s:g} s, so it was stopped; "
            "convert the file, or raise limits.timeout_s."
        )
    return (
        f"{name} made the decoder stop (exit {end.exit_code}): the file is damaged "
        "or needs more than limits.max_memory_bytes; convert it to another format."
    )
