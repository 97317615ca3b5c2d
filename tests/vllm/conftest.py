"""Tests against a real vLLM, run by `make test-vllm`, which names its Python in VLLM_PYTHON."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

for neighbour in ("reasoners", "adapters"):
    sys.path.append(str(Path(__file__).parents[1] / neighbour))
from running_vllm import RunningVllm, running  # noqa: E402
from taught import teach  # noqa: E402
from tiny_adapter import make_adapter  # noqa: E402

from affect_llm.store.shipped import shipped  # noqa: E402

if "VLLM_PYTHON" not in os.environ:
    # They need an environment of several gigabytes, so the other targets leave them out.
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def base() -> Path:
    return Path(shipped("embedded"))


@pytest.fixture(scope="session")
def adapters(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`taught`: a LoRA after some steps of training; `seen`, `unseen`: tiny fusions, random."""
    folder = tmp_path_factory.mktemp("adapters")
    teach(folder / "taught", base, label="fear")
    make_adapter(folder / "seen", base, road="both", scale=0.05)
    make_adapter(folder / "unseen", base, road="both", lora=False)
    return folder


@pytest.fixture(scope="session")
def server(
    base: Path, adapters: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningVllm]:
    log = tmp_path_factory.mktemp("vllm") / "log.txt"
    modules = [adapters / "taught", adapters / "seen"]
    with running(base, modules, log) as started:
        yield started
