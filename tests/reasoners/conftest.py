from pathlib import Path

import pytest
import torch
from asked import settings_for
from tiny_llm import save_checkpoint

from affect_llm.reasoners.local.causal_lm import CausalLM, open_causal_lm


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def qwen_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_checkpoint(tmp_path_factory.mktemp("tiny") / "tiny-qwen2", "qwen2")


@pytest.fixture(scope="session")
def llama_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_checkpoint(tmp_path_factory.mktemp("tiny") / "tiny-llama", "llama")


@pytest.fixture(scope="session")
def qwen(qwen_folder: Path) -> CausalLM:
    return open_causal_lm(settings_for(qwen_folder))


@pytest.fixture(scope="session")
def llama(llama_folder: Path) -> CausalLM:
    return open_causal_lm(settings_for(llama_folder))
