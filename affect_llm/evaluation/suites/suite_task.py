"""How a suite is scored: its task, its answers beside their gold, and its gold as a table."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from affect_llm.config import Settings
from affect_llm.errors import DataError
from affect_llm.evaluation.judges.registry import open_judge
from affect_llm.evaluation.pairs import Pairs
from affect_llm.evaluation.prediction import Prediction, Truth
from affect_llm.evaluation.suites.parts import corpus_root, read_part
from affect_llm.evaluation.suites.suite import Suite
from affect_llm.evaluation.tables.problems import RowFinding
from affect_llm.evaluation.tables.table import Cell, Table
from affect_llm.evaluation.tasks.closed_set import ClosedSetTask
from affect_llm.evaluation.tasks.combined_open_set import combined_task
from affect_llm.evaluation.tasks.dimensional import DimensionalTask
from affect_llm.evaluation.tasks.emer import EmerTask
from affect_llm.evaluation.tasks.multi_label import MultiLabelTask
from affect_llm.evaluation.tasks.sentiment import SentimentTask
from affect_llm.evaluation.tasks.task import AnySuiteTask
from affect_llm.labels.official.official_tables import Edition
from affect_llm.labels.sets import label_set
from affect_llm.types import Sample

_SIMPLE: Mapping[str, Callable[[Suite], AnySuiteTask]] = {
    "closed-set": lambda suite: ClosedSetTask(label_set(suite.labels)),
    "multi-label": lambda suite: MultiLabelTask(label_set(suite.labels), suite.share_of_top),
    "dimensional": lambda suite: DimensionalTask(tuple(suite.dimensions), suite.dimensions),
    "sentiment": lambda suite: SentimentTask(),
    # Rules never change; `affect_llm.evaluation.judges` has other judges.
    "emer": lambda suite: EmerTask(open_judge("rules", Settings())),
}
_GOLD_COLUMNS = {
    "closed-set": "label", "hit-rate": "label", "sentiment": "sentiment", "emer": "reason",
}  # fmt: skip
"""The column of a suite's gold by its task; "openset" for the others."""


def task_of(suite: Suite, vocabulary: Path | None = None) -> AnySuiteTask:
    """How `suite` is scored.

    Args:
        suite: what is measured.
        vocabulary: folder of the official emotion wheels, for open labels; without it the
            project's own vocabulary scores them.

    Raises:
        AffectError: the vocabulary is not there.
    """
    if suite.task == "open-set" or suite.task == "hit-rate":
        edition: Edition = "2026" if suite.metric == "mer2026" else "2025"
        return combined_task(suite.task, edition, vocabulary)
    return _SIMPLE[suite.task](suite)


def truth_of(suite: Suite, task: AnySuiteTask, sample: Sample) -> Truth:
    """What people said of an item.

    Raises:
        DataError: the sample has no such annotation.
    """
    try:
        return task.truth(sample, suite.annotation)
    except DataError as error:
        raise DataError(f"{suite.name}: {error}") from error


def pairs_of(
    suite: Suite, task: AnySuiteTask, predictions: Sequence[Prediction], *, shown: bool = True
) -> Pairs:
    """Gold and answers in order; what an abstention leans to counts where `shown` is false."""
    states = Counter(p.state for p in predictions if p.state != "answered")
    return Pairs(
        ids=[p.id for p in predictions],
        gold=[task.gold_of(p.truth) for p in predictions],
        predicted=[task.answer_of(p, shown=shown) for p in predictions],
        groups=[p.group for p in predictions],
        grouped_by=suite.cluster,
        findings=tuple(RowFinding(reason=state, count=n) for state, n in states.items()),
    )


def suite_gold(suite: Suite, data: Path, scratch: Path, split: str | None) -> Table:
    """Name, group and gold of every item of a part, to score anyone's predictions against.

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
    columns: dict[str, Sequence[Cell]] = {
        "name": [s.id for s in samples],
        "group": [s.group for s in samples],
    }
    keys = {name: name for name in suite.dimensions}
    if suite.task != "dimensional":
        keys = {_GOLD_COLUMNS.get(suite.task, "openset"): suite.annotation}
    for column, key in keys.items():
        cells = [sample.annotations.get(key) for sample in samples]
        columns[column] = [list(c) if isinstance(c, (tuple, frozenset, set)) else c for c in cells]
    return Table(root, "results", columns, range(1, len(samples) + 1))
