"""XED: film subtitle lines in twelve languages with one or more of Plutchik's eight emotions.

Layout: `en-annotated.tsv`, `fi-annotated.tsv` and `<language>-projections.tsv` (text,
comma-joined numbers 1 to 8; no header). The numbers count from 1 in the order of `plutchik8`.
Record: `Sample(id="de-17", text="Moment mal!", annotations={"emotions": ["anger", "surprise"],
"language": "de"}, split="train", group=…)`.

The corpus has no split: a tenth of the lines is held out by the text itself, so that a line that
occurs twice stays on one side (`reader.split_by_group`). Translations of one line may fall on
both sides. Lines whose second column is not a list of digits (subtitle numbers left in by the
source) are skipped and counted.

Source: Öhman et al. 2020, arXiv 2011.01612.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from affect_llm.datasets.reader import (
    HELD_OUT_SPLITS,
    Skips,
    check_split,
    read_lines,
    skip,
    split_by_group,
)
from affect_llm.errors import DataError
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

_NUMBERS = re.compile(r"[1-8](?:\s*,\s*[1-8])*")


def read_xed(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Lines of every language in `root`, language by language.

    Raises:
        DataError: an unknown split, or no file of the corpus.
    """
    check_split("XED", split, HELD_OUT_SPLITS)
    paths = sorted((*root.glob("*-annotated.tsv"), *root.glob("*-projections.tsv")))
    if not paths:
        raise DataError(
            f"XED is not laid out as documented: {root} holds no '<language>-annotated.tsv' "
            "and no '<language>-projections.tsv'."
        )
    for path in paths:
        language = path.name.split("-")[0]
        for number, fields in enumerate(read_lines("XED", path), start=1):
            if len(fields) != 2 or not _NUMBERS.fullmatch(fields[1].strip()):
                skip(skips, f"{language}: no list of labels")
                continue
            text = fields[0].strip()
            if len(text) > 1 and text[0] == text[-1] == '"':  # quoted by a spreadsheet
                text = text[1:-1].replace('""', '"').strip()
            if split_by_group(text) != split:
                continue
            names = [SETS["plutchik8"][int(part) - 1] for part in fields[1].split(",")]
            annotations: dict[str, object] = {"emotions": names, "language": language}
            group = f"{language}:{text}"
            yield Sample(f"{language}-{number}", annotations, split, group, text=text)
