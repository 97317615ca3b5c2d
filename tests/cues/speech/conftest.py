import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from affect_llm.cues.speech.gate import _detector

    monkeypatch.setenv("AFFECT_LLM_STORE", str(tmp_path / "store"))
    _detector.cache_clear()
