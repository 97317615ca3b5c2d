import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "reasoners"))

import pytest
import torch
from tiny_adapter import long_base, make_adapter, save_lora


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return long_base(tmp_path_factory.mktemp("bases") / "tiny-llama", "llama")


@pytest.fixture(scope="session")
def saved_lora(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lora")
    save_lora(folder, base, 0, 0.3)
    return folder


@pytest.fixture(scope="session")
def saved_adapter(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_adapter(tmp_path_factory.mktemp("adapters") / "both", base, road="both")
