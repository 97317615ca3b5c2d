"""The decoding process: reads jobs from its input, writes what they yield to its output.

It imports numpy, PyAV and the modules of `media.decode`, nothing else of the project, so that it
starts in a fraction of a second. `resource` does not exist on Windows; there only the silence
limit and the budgets on decoded amounts hold.
"""

import importlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import IO, Any

from affect_llm.media import wire
from affect_llm.media.decode.job import Budget, Item, Refusal

TASKS = {
    "probe": ("affect_llm.media.decode.probe", "probe"),
    "frames": ("affect_llm.media.decode.video", "frames"),
    "audio": ("affect_llm.media.decode.audio", "windows"),
    "subtitles": ("affect_llm.media.decode.subtitles", "subtitles"),
}
HEARTBEAT_S = 0.5
"""Signs of life come this often, many times within any `timeout_s`."""


def main() -> None:
    """Serve decoding jobs until the owner closes the pipe.

    Each request is answered with one message; a new job ends the one before.
    """
    requests = sys.stdin.buffer
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not break the protocol
    items: Iterator[Item] = iter(())
    while (message := wire.receive(requests)) is not None:
        request = message[0]
        job: int = request["job"]
        if "task" in request:
            module, function = TASKS[request["task"]]
            limits: dict[str, Any] = request["limits"]
            _bound("RLIMIT_AS", limits["max_memory_bytes"])
            task = getattr(importlib.import_module(module), function)
            budget = Budget(limits, _heartbeat(replies, job))
            items = task(budget=budget, **request["arguments"])
        _bound_cpu(request.get("limits"))
        _reply(items, job, replies)


def _reply(items: Iterator[Item], job: int, replies: IO[bytes]) -> None:
    try:
        header, payload = next(items)
    except StopIteration:
        wire.send(replies, {"job": job, "kind": "end"})
    except Refusal as refusal:
        wire.send(replies, {"job": job, "kind": "refused", "reason": str(refusal)})
    except MemoryError:
        reason = "needs more memory than limits.max_memory_bytes allows."
        wire.send(replies, {"job": job, "kind": "refused", "reason": reason})
    except Exception as error:
        reason = f"cannot be decoded ({type(error).__name__}: {error})."
        wire.send(replies, {"job": job, "kind": "refused", "reason": reason})
    else:
        wire.send(replies, {"job": job, "kind": "item", **header}, payload)


def _heartbeat(replies: IO[bytes], job: int) -> Callable[[], None]:
    last = time.monotonic()

    def alive() -> None:
        nonlocal last
        if time.monotonic() - last > HEARTBEAT_S:
            last = time.monotonic()
            wire.send(replies, {"job": job, "kind": "alive"})

    return alive


_cpu_s = 600
"""Processor seconds for one item until the first job names its own limit."""


def _bound_cpu(limits: dict[str, Any] | None) -> None:
    """Let one item cost no more than ten silences of processor time, even without an owner."""
    global _cpu_s
    if limits is not None:
        _cpu_s = int(limits["timeout_s"]) * 10 + 10
    _bound("RLIMIT_CPU", int(time.process_time()) + _cpu_s)


def _bound(resource_name: str, most: int) -> None:
    """Set the soft limit of a resource, as far as the hard one allows."""
    if os.name != "posix":
        return
    import resource

    kind: int = getattr(resource, resource_name)
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (most if hard < 0 else min(most, hard), hard))
