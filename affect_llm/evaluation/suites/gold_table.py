"""A suite's own gold as a table, so that anyone's predictions can be scored against it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from affect_llm.evaluation.suites.parts import corpus_root, read_part
from affect_llm.evaluation.suites.suite import Suite
from affect_llm.evaluation.tables.table import Cell, Table
from affect_llm.types import Sample

_COLUMN = {"closed-set": "label", "hit-rate": "label", "sentiment": "sentiment", "emer": "reason"}


def suite_gold(suite: Suite, data: Path, scratch: Path, split: str | None) -> Table:
    """Name, group and gold of every item of a part.

    Args:
        suite: whose data it is.
        data: the corpus in its official layout, or the folder that its own is in.
        scratch: packed pictures are unpacked below.
        split: instead of the suite's own.

    Raises:
        DataError: the data is not there or not as documented.
    """
    root = corpus_root(suite, data, scratch)
    samples = read_part(suite, root, split or suite.split, Counter())
    columns = {
        "name": [sample.id for sample in samples],
        "group": [sample.group for sample in samples],
        **_gold(suite, samples),
    }
    return Table(root, "results", columns, range(1, len(samples) + 1))


def _gold(suite: Suite, samples: Sequence[Sample]) -> Mapping[str, Sequence[Cell]]:
    if suite.task == "dimensional":
        return {name: [s.annotations.get(name) for s in samples] for name in suite.dimensions}
    cells = [_plain(sample.annotations.get(suite.annotation)) for sample in samples]
    return {_COLUMN.get(suite.task, "openset"): cells}


def _plain(cell: object) -> Cell:
    return list(cell) if isinstance(cell, tuple | frozenset | set) else cell
