"""The two that have to say the same: the embedded model in this process, and behind the server."""

from pathlib import Path

from running_vllm import RunningVllm

from affect_llm.config import ServerSettings, Settings
from affect_llm.reasoners.local.causal_lm import CausalLM
from affect_llm.reasoners.local.embedded import open_embedded
from affect_llm.reasoners.served.lm import ServedLM
from affect_llm.reasoners.served.vllm_server import open_vllm_server


def in_process(adapter: Path | None = None) -> CausalLM:
    return open_embedded(Settings(device="cpu", adapter=None if adapter is None else str(adapter)))


def served(server: RunningVllm, adapter: Path | None = None) -> ServedLM:
    at = ServerSettings(url=server.url)
    chosen = None if adapter is None else str(adapter)
    return open_vllm_server(Settings(reasoner="vllm", server=at, adapter=chosen))
