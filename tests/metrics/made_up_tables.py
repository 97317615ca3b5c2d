"""A small folder in the official layout whose words are made for tests.

Wheel 1 says "mellow" in two branches (the later one counts), has spaces and capitals in its cells
and blanks to fill downward. "stormy" is only on wheel 2; "pale" is on no wheel by itself but a
synonym of "grey". The sheets' runs list the words in different orders.
"""

import csv
from pathlib import Path

import numpy as np

WHEELS = {
    1: [
        (" Glad ", "Warm", "Cosy"),
        (None, None, " mellow"),
        (None, "Bright", "Sunny"),
        ("low", "grey", "dull"),
        (None, None, "Mellow "),
        (None, "blue", "tearful"),
    ],
    2: [("low", "blue", "dull"), ("stormy", "wild", "gusty"), ("glad", "sunny", "warm")],
    3: [("glad", "warm", "sunny")],
    4: [("low", "grey", "blue"), ("glad", "bright", "sunny")],
    5: [("glad", "bright", "warm")],
}
RING_WORDS = sorted(
    {word.strip().lower() for rows in WHEELS.values() for row in rows for word in row if word}
)
SYNONYMS = {
    "glad": "merry, warm",
    "grey": "pale, Faded",
    "stormy": "pale",
    "dull": "flat",
    "sunny": "aglow",
    "tearful": "blue",
}
FORMS = {
    "aglow": "rosy",
    "merry": "merrier,merriest,rosy",
    "warm": "warmth,warmer",
    "pale": "paler,paleness",
    "flat": "merrier,flatly",
    "faded": "",
    "sunny": "it’s sunny,sun-lit",
}
"""Base word -> inflections; "merrier" and "rosy" belong to two bases."""


def write_folder(folder: Path) -> Path:
    """Writes every file of the 2025 layout."""
    folder.mkdir(parents=True, exist_ok=True)
    bases = sorted({*RING_WORDS, "merry", "pale", "faded", "flat", "aglow"})
    with (folder / "format.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["name", "format"])
        table.writerows([base, FORMS.get(base, "")] for base in bases)
    runs = [
        (RING_WORDS, [SYNONYMS.get(word) if run == 0 else None for word in RING_WORDS])
        if run % 2 == 0
        else ([word.upper() for word in reversed(RING_WORDS)], [None] * len(RING_WORDS))
        for run in range(8)
    ]
    header = [f"{kind}_run{run}" for run in range(1, 9) for kind in ("word", "synonym")]
    columns = [column for words, synonyms in runs for column in (words, synonyms)]
    write_sheet(folder / "synonym.xlsx", [header, *zip(*columns, strict=True)])
    for wheel, rows in WHEELS.items():
        write_sheet(folder / f"wheel{wheel}.xlsx", [("level1", "level2", "level3"), *rows])
    return folder


def write_sheet(path: Path, rows) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)


def write_mapping(path: Path, forms, synonyms, rings) -> None:
    """`wheel_mapping.npz` as MER2026 stores it: three pickled dictionaries."""
    wheels = {
        f"wheel{wheel}": {f"level{level}": rings[f"M3-W{wheel}-L{level}"] for level in (1, 2)}
        for wheel in WHEELS
    }
    np.savez_compressed(
        path, format_mapping=forms, raw_mapping=synonyms, wheel_map_whole=wheels, allow_pickle=True
    )


class ExactWords:
    """A grouping in which every word is its own group."""

    name = "exact"
    version = "no vocabulary"

    def group(self, word: str) -> str | None:
        return word.lower().strip() or None
