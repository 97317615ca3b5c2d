"""Recordings listed in a table `labels.tsv` beside them (file, corpus, emotion, speaker …)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from affect_llm.datasets.reader import inside, known_label, read_table
from affect_llm.errors import DataError

_COLUMNS = ("file", "corpus", "emotion", "intensity", "speaker", "transcript")


@dataclass(frozen=True, slots=True)
class Recording:
    """One row: `speaker` is the number within the corpus, `path` exists."""

    path: Path
    emotion: str
    intensity: str
    speaker: int
    transcript: str


def read_recordings(corpus: str, table: Path, labels: tuple[str, ...]) -> Iterator[Recording]:
    """Rows whose corpus starts with `corpus`, in the order of the table.

    Raises:
        DataError: a missing column or recording, an unknown label, a speaker without number, or
            a file outside the table's folder.
    """
    for line, row in read_table(corpus, table, _COLUMNS, delimiter="\t"):
        if not row["corpus"].startswith(corpus):
            continue
        path = inside(table.parent, row["file"], f"{table}, line {line}")
        number = row["speaker"].rpartition("_")[2]
        if not path.is_file():
            raise DataError(f"{table}, line {line}: the recording {path} is missing.")
        if not number.isdecimal():
            raise DataError(f"{table}, line {line}: '{row['speaker']}' ends in no speaker number.")
        yield Recording(
            path=path,
            emotion=known_label(table, line, row["emotion"], labels),
            intensity=row["intensity"],
            speaker=int(number),
            transcript=row["transcript"],
        )
