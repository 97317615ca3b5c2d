"""ISEAR: English reports of situations in which an emotion was felt.

Layout: `isear.csv` with the columns ID (respondent), emotion, text.
Record: `Sample(id="11001-2", text="When I was involved in a traffic accident.",
annotations={"emotion": "fear"}, split="train", group="11001")`.

The corpus has no split: a tenth of the respondents is held out (`reader.split_by_group`).

Source: Scherer and Wallbott 1994, doi 10.1037/0022-3514.66.2.310.
"""

from collections.abc import Iterator
from pathlib import Path

from affect_llm.datasets.reader import (
    HELD_OUT_SPLITS,
    Skips,
    check_split,
    known_label,
    read_table,
    skip,
    split_by_group,
)
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample


def read_isear(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Reports in the order of the table; the group is the respondent.

    Raises:
        DataError: an unknown split, a missing file or column, or an unknown label.
    """
    check_split("ISEAR", split, HELD_OUT_SPLITS)
    path = root / "isear.csv"
    for line, row in read_table("ISEAR", path, ("ID", "emotion", "text")):
        if split_by_group(row["ID"]) != split:
            continue
        if not row["text"].strip():
            skip(skips, "no words")
            continue
        emotion = known_label(path, line, row["emotion"], SETS["isear7"])
        yield Sample(
            f"{row['ID']}-{line}", {"emotion": emotion}, split, row["ID"], text=row["text"]
        )
