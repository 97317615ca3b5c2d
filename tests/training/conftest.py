"""What the tests of training share: one thread, a feature cache of their own, a tiny base model."""

from pathlib import Path

import pytest
import torch
from sft_kit import save_checkpoint


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AFFECT_LLM_FEATURES", str(tmp_path / "features"))
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Llama's folder."""
    return save_checkpoint(tmp_path_factory.mktemp("base") / "tiny", "llama")
