"""The tables of OV-MER, MER-UniBench and MER2025: words, synonyms and five wheels."""

from collections import defaultdict
from pathlib import Path

from affect_llm.errors import DataError
from affect_llm.labels.official.label_text import label_list
from affect_llm.labels.official.sheets import Row, read_csv, read_xlsx
from affect_llm.labels.official.word_tables import WHEELS, WordTables

FILES = ("format.csv", "synonym.xlsx", *(f"wheel{wheel}.xlsx" for wheel in WHEELS))
RUNS = range(1, 9)
"""The synonym table has a pair of columns per run of the model that wrote it, eight in all."""
Wheel = dict[str, dict[str, list[str]]]
"""Inner ring -> middle ring -> outer words, in the order in which they first appear."""


def read_tables_2025(directory: Path) -> WordTables:
    """The tables out of a folder that holds `FILES`.

    Raises:
        DataError: a file is missing or malformed, or the files do not fit together.
        MissingExtra: the reader of spreadsheets is not installed.
    """
    wheels = {k: _wheel(directory / f"wheel{k}.xlsx") for k in WHEELS}
    rings = {f"M3-W{k}-L{level}": _ring(wheels[k], level) for k in WHEELS for level in (1, 2)}
    return WordTables(
        edition="2025",
        bases=_bases(directory / "format.csv"),
        synonyms=_synonyms(directory / "synonym.xlsx"),
        rings=rings,
    )


def _bases(path: Path) -> dict[str, tuple[str, ...]]:
    bases: defaultdict[str, set[str]] = defaultdict(set)
    for row in read_csv(path, ("name", "format")):
        name = row["name"]
        if name is None:
            raise DataError(f"{path} has a row without a name.")
        for form in (name, *label_list(row["format"])):
            bases[form].add(name)
    return {form: tuple(sorted(names)) for form, names in bases.items()}


def _synonyms(path: Path) -> dict[str, tuple[str, ...]]:
    columns = [f"{kind}_run{run}" for run in RUNS for kind in ("word", "synonym")]
    words: defaultdict[str, set[str]] = defaultdict(set)
    for row in read_xlsx(path, columns):
        for run in RUNS:
            word = _word(path, row, f"word_run{run}")
            for synonym in (word, *label_list(row[f"synonym_run{run}"])):
                words[synonym.strip().lower()].add(word)
    return {synonym: tuple(sorted(those)) for synonym, those in words.items()}


def _wheel(path: Path) -> Wheel:
    """The rings of a sheet, where blank cells repeat the one above."""
    wheel: Wheel = {}
    above: Row = dict.fromkeys(("level1", "level2", "level3"))
    for row in read_xlsx(path, tuple(above)):
        above |= {column: cell for column, cell in row.items() if cell is not None}
        level1, level2, level3 = (_word(path, above, column) for column in above)
        wheel.setdefault(level1, {}).setdefault(level2, []).append(level3)
    return wheel


def _ring(wheel: Wheel, level: int) -> dict[str, str]:
    """Word -> group on that ring; a word in two places belongs to the later one."""
    ring: dict[str, str] = {}
    for level1, middle in wheel.items():
        ring[level1] = level1 if level == 1 else min(middle)
        for level2, outer in middle.items():
            ring |= dict.fromkeys([level2, *outer], level1 if level == 1 else level2)
    return ring


def _word(path: Path, row: Row, column: str) -> str:
    cell = row[column]
    if cell is None:
        raise DataError(f"{path} has a row without a word in column {column}.")
    return cell.strip().lower()
