import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from affect_llm.config import Settings
from affect_llm.pipeline import Failure, Source
from affect_llm.types import EmotionResult

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))
from sample_results import joyful_clip, text_only


class FakePipeline:
    """Answers any existing file with a joyful clip, and remembers what it was asked."""

    asked: ClassVar[list[tuple[Settings, list[Source]]]] = []

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def run(self, sources: Iterable[Source]) -> Iterator[EmotionResult | Failure]:
        held = list(sources)
        FakePipeline.asked.append((self.settings, held))
        for source in held:
            if source.path is None:
                yield text_only()
            elif source.path.is_file():
                yield joyful_clip(source.path.name)
            else:
                yield Failure(source.path.name, f"There is no file {source.path.name}.")


@pytest.fixture
def fake_pipeline(monkeypatch: pytest.MonkeyPatch) -> type[FakePipeline]:
    monkeypatch.setattr("affect_llm.cli.run.Pipeline", FakePipeline)
    FakePipeline.asked = []
    return FakePipeline


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"not really a video")
    return path
