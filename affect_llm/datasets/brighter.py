"""BRIGHTER: short texts in 28 languages with several emotions each, or their intensities.

Layouts, for track a (present or not) and track b (intensity 0 to 3), languages by their
three-letter code: `track_a/dev/eng.csv` as released, or `dev/track_a/eng_a.csv` as in the shared
task's `public_data`. Columns: id, text, and one per emotion (anger, disgust, fear, joy, sadness,
surprise; English has no disgust), with 0 or 1 in track a and 0 to 3 in track b.
Record: `Sample(id="eng-eng_dev_track_a_00001", text=…, annotations={"emotions": ["joy"],
"labels": ["anger", …], "language": "eng"}, split="dev", group=the same as the id)`; track b adds
"intensities". A text without any emotion has an empty list.

The splits are the official ones. Texts whose emotions are not published are left out.

Source: Muhammad et al. 2025, arXiv 2502.11926 and 2503.07269 (SemEval-2025 task 11).
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from affect_llm.datasets.reader import Skips, check_split, columns_of, number, read_table, skip
from affect_llm.errors import DataError
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

SPLITS = ("train", "dev", "test")


def read_brighter(
    root: Path, split: str, skips: Skips | None = None, *, track: str = "a"
) -> Iterator[Sample]:
    """Texts of every language in `root`, language by language.

    Raises:
        DataError: an unknown split, no file of the corpus, or a table that breaks its layout.
    """
    check_split("BRIGHTER", split, SPLITS)
    folders = (root / f"track_{track}" / split, root / split / f"track_{track}")
    tables = sorted(path for folder in folders for path in folder.glob("*.csv"))
    if not tables:
        raise DataError(
            f"BRIGHTER is not laid out as documented: neither {folders[0]} nor {folders[1]} holds "
            "a table such as eng.csv."
        )
    for table in tables:
        yield from _language(table, track, split, skips)


read_brighter_intensity = partial(read_brighter, track="b")
"""Reads track b, with "intensities" from 0 to 3 per emotion."""


def _language(table: Path, track: str, split: str, skips: Skips | None) -> Iterator[Sample]:
    language = table.stem.removesuffix(f"_{track}")
    header = {name.strip().lower(): name for name in columns_of("BRIGHTER", table)}
    labels = [name for name in SETS["brighter6"] if name in header]
    if len(labels) < 2:
        raise DataError(f"{table} has no columns for emotions; its columns are {list(header)}.")
    columns = ["id", "text", *(header[name] for name in labels)]
    for line, row in read_table("BRIGHTER", table, columns):
        marks = {name: row[header[name]].strip() for name in labels}
        if not row["text"].strip() or not all(marks.values()):
            skip(skips, "no words" if not row["text"].strip() else "emotions not published")
            continue
        high = 1 if track == "a" else 3
        levels = {n: number(table, line, n, mark, 0, high) for n, mark in marks.items()}
        annotations: dict[str, object] = {
            "emotions": [name for name, level in levels.items() if level > 0],
            "labels": labels,
            "language": language,
        }
        if track == "b":
            annotations["intensities"] = levels
        name = f"{language}-{row['id']}"
        yield Sample(name, annotations, split, name, text=row["text"])
