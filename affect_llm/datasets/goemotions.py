"""GoEmotions: English web comments, each with one or more of 27 emotions or neutral.

Layout: `train.tsv`, `dev.tsv`, `test.tsv` (text, comma-joined label numbers, id; no header).
The numbers count from 0 in the order of the label set `goemotions28`.
Record: `Sample(id="edcu99z", text="I've never been this sad in my life!",
annotations={"emotions": ["sadness"]}, split="dev", group="edcu99z")`.

The splits are the official ones, by comment; the corpus does not publish who wrote them.

Source: Demszky et al. 2020, arXiv 2005.00547.
"""

from collections.abc import Iterator
from pathlib import Path

from affect_llm.datasets.reading import Skips, check_split, read_lines, skip
from affect_llm.errors import DataError
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

SPLITS = ("train", "dev", "test")


def read_goemotions(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Comments in the order of the file; each is its own group.

    Raises:
        DataError: an unknown split, a missing file, or a line that is not laid out as above.
    """
    check_split("GoEmotions", split, SPLITS)
    path = root / f"{split}.tsv"
    for number, fields in enumerate(read_lines("GoEmotions", path), start=1):
        if len(fields) != 3:
            raise DataError(f"{path}, line {number}: expected 3 fields, found {len(fields)}.")
        text, numbers, comment = fields
        if not text.strip():
            skip(skips, "no words")
            continue
        emotions = [_name(path, number, part) for part in numbers.split(",")]
        yield Sample(comment, {"emotions": emotions}, split, comment, text=text)


def _name(path: Path, line: int, number: str) -> str:
    names = SETS["goemotions28"]
    if not number.strip().isdecimal() or int(number) >= len(names):
        raise DataError(
            f"{path}, line {line}: '{number}' is not a label number from 0 to {len(names) - 1}."
        )
    return names[int(number)]
