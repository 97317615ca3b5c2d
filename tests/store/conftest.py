import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from affect_llm.store import entries as entries_module

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "store"
    monkeypatch.setenv("AFFECT_LLM_STORE", str(root))
    return root


@pytest.fixture
def use_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def use(text: str) -> None:
        monkeypatch.setattr(entries_module, "_read_table", lambda: text)
        entries_module.entries.cache_clear()

    yield use
    entries_module.entries.cache_clear()
