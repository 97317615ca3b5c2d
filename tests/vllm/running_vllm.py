"""A vLLM server as a process of its own: started on a free port, always stopped."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from affect_llm.adapters.folder import open_adapter
from affect_llm.reasoners.served.adapter import lora_room

START_S = 500.0
"""About 30 s on two free cores."""
ENVIRONMENT = {
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
}


@dataclass(frozen=True)
class RunningVllm:
    url: str
    log: Path


@contextmanager
def running(base: Path, loras: Sequence[Path], log: Path, *more: str) -> Iterator[RunningVllm]:
    """Serve `base` as docs/serving.md says, with soft tokens where there are LoRA modules."""
    port = _free_port()
    command = [os.environ["VLLM_PYTHON"], "-m", "vllm.entrypoints.openai.api_server"]
    command += ["--model", str(base), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--enforce-eager", "--max-model-len", "2048", "--dtype", "float32"]
    command += ["--structured-outputs-config", json.dumps({"backend": "guidance"})]
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, *_lora_flags(loras), *more],
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **ENVIRONMENT},
            start_new_session=True,
        )
    try:
        _wait(process, port, log)
        yield RunningVllm(f"http://127.0.0.1:{port}/v1", log)
    finally:
        _stop(process)


def _lora_flags(loras: Sequence[Path]) -> list[str]:
    if not loras:
        return []
    targets = {target for folder in loras for target in lora_room(open_adapter(folder))[1]}
    flags = ["--enable-lora", "--max-lora-rank", "8", "--lora-target-modules", *sorted(targets)]
    flags.append("--enable-prompt-embeds")
    return [*flags, "--lora-modules", *(f"{folder.name}={folder}" for folder in loras)]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    tail = log.read_text(errors="replace")[-4000:]
    raise RuntimeError(f"vLLM did not start within {START_S:.0f} s. Its log ends:\n{tail}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """The whole group, because vLLM's engine and workers are processes of their own."""
    for sign, patience_s in ((signal.SIGTERM, 20), (signal.SIGKILL, 10)):
        try:
            os.killpg(process.pid, sign)
            process.wait(patience_s)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
