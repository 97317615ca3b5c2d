"""A corpus of another package, registered by an entry point alone."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from affect_llm import registry
from affect_llm.datasets.reader import Skips, check_split, read_table, skip
from affect_llm.datasets.registry import DATASETS
from affect_llm.errors import DataError
from affect_llm.types import Sample


def read_diary(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """A made-up corpus, as another package might read it."""
    check_split("Diary", split, ("train",))
    for line, row in read_table("Diary", root / "diary.csv", ("text", "emotion")):
        if row["text"]:
            yield Sample(str(line), {"emotion": row["emotion"]}, split, "me", text=row["text"])
        else:
            skip(skips, "no words")


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("diary", f"{__name__}:read_diary", "affect_llm.datasets")
    monkeypatch.setattr(
        registry, "_registered", lambda group, path: (point,) if group == point.group else ()
    )


def test_it_is_listed_and_read_like_our_own(tmp_path: Path) -> None:
    (tmp_path / "diary.csv").write_text("text,emotion\nI won!,joy\n,anger\n", encoding="utf-8")
    skips = Skips()
    assert "diary" in DATASETS.names()
    [sample] = DATASETS.get("diary")(tmp_path, "train", skips)
    assert (sample.text, sample.annotations, skips) == (
        "I won!",
        {"emotion": "joy"},
        {"no words": 1},
    )
    with pytest.raises(DataError, match="no split 'test'"):
        list(DATASETS.get("diary")(tmp_path, "test", None))


def test_training_reads_it(tmp_path: Path) -> None:
    from affect_llm.training.sft.corpora import read_corpus

    (tmp_path / "diary.csv").write_text("text,emotion\nI won!,joy\n", encoding="utf-8")
    assert "I won!" in repr(read_corpus("diary", tmp_path, None))
