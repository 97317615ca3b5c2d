"""Clips with open labels or descriptions: EMER, OV-MERD and its kin, MER2025, MER2026.

Layouts. Open labels: a table with the columns name and openset, a printed list ("[happy, sad]"),
called `ovlabel.csv`, `track2_train_ovmerd.csv`, `track2_test.csv` or `openset.csv`. Descriptions:
EMER-V1's `gt-eng.csv` or `gt-chi.csv` (names, emotions, subtitles, reasons), or EMER-V2's
`final-EMER-reason.csv` (names, chinese, english). Words of open-label sets in `subtitle_eng.csv`
or `subtitle_chieng.csv` (name, english). Media in folders `video` and `audio`.
Record: `Sample(id="samplenew3_00001122", text="I cannot wait.", annotations={"openset":
["eager", "happy"]}, split="test", group="samplenew3_00001122", paths={"video": …})`, or "reason"
as a text, with its "language".

These sets are for testing: they have one part.

Source: Lian et al. 2023 and 2024, arXiv 2306.15401 and 2410.01495; files as the public
repositories of those papers name them.
"""

from collections.abc import Iterator
from pathlib import Path

from affect_llm.datasets.name_tables import first_existing, media_in, named_rows, transcripts
from affect_llm.datasets.reader import Skips, check_split, columns_of, skip
from affect_llm.labels.official.label_text import label_list
from affect_llm.types import Sample

SPLITS = ("test",)
OPEN_TABLES = ("ovlabel.csv", "track2_test.csv", "track2_train_ovmerd.csv", "openset.csv")
EMER_TABLES = ("gt-eng.csv", "final-EMER-reason.csv", "gt-chi.csv")
_SUBTITLES = ("subtitle_eng.csv", "subtitle_chieng.csv")
_MEDIA = ("video", "audio")


def read_open_set(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Clips with a list of labels, in the order of the table; each is its own group.

    Raises:
        DataError: an unknown split, a missing table or column.
    """
    check_split("A set with open labels", split, SPLITS)
    table = first_existing("A set with open labels", root, OPEN_TABLES)
    words = {
        name: text
        for subtitles in reversed(_SUBTITLES)
        for name, text in transcripts("Subtitles", root / subtitles, "english").items()
    }
    for row in named_rows("A set with open labels", table, ("openset",)):
        labels = [label.strip() for label in label_list(row.cells["openset"]) if label.strip()]
        if not labels:
            skip(skips, "no labels")
            continue
        yield Sample(
            id=row.name,
            annotations={"openset": labels},
            split=split,
            group=row.name,
            text=words.get(row.name),
            paths=media_in(root, _MEDIA, row.name, row.place),
        )


def read_emer(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Clips with a description, in the order of the table; each is its own group.

    Raises:
        DataError: an unknown split, a missing table or column.
    """
    check_split("EMER", split, SPLITS)
    table = first_existing("EMER", root, EMER_TABLES)
    first = "reasons" in columns_of("EMER", table)
    columns = ("reasons", "subtitles") if first else ("english",)
    for row in named_rows("EMER", table, columns):
        reason = row.cells[columns[0]].strip()
        if not reason:
            skip(skips, "no description")
            continue
        yield Sample(
            id=row.name,
            annotations={"reason": reason, "language": "zh" if "chi" in table.name else "en"},
            split=split,
            group=row.name,
            text=row.cells.get("subtitles", "").strip() or None,
            paths=media_in(root, _MEDIA, row.name, row.place),
        )
