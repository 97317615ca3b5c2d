"""Compares what two runs of suites answered; each folder's logs hold answers and gold."""

from pathlib import Path

from affect_llm.errors import DataError
from affect_llm.evaluation.comparison import Comparison, comparison_of
from affect_llm.evaluation.intervals import Values
from affect_llm.evaluation.log import LogHead, PredictionLog
from affect_llm.evaluation.suites.metrics import METRICS
from affect_llm.evaluation.suites.suite import load_suite, suite_names
from affect_llm.evaluation.suites.suite_task import pairs_of, task_of
from affect_llm.evaluation.tables.problems import listed
from affect_llm.metrics.resamples import Indices

_LOGS = "*.predictions.jsonl"


def compare_runs(first: Path, second: Path, vocabulary: Path | None = None) -> list[Comparison]:
    """One comparison for each suite that both folders answered.

    Args:
        first: an output folder of `affect-llm eval run`.
        second: another one.
        vocabulary: folder of the official word tables, for tasks with open labels.

    Raises:
        DataError: a folder holds no answers, no suite is in both, or items or gold differ.
    """
    runs = _runs(first), _runs(second)
    common = [name for name in runs[0] if name in runs[1]]
    if not common:
        raise DataError(
            f"No suite was answered in both: {first} has {listed(runs[0])}, {second} has "
            f"{listed(runs[1])}."
        )
    return [_compared(name, runs[0][name], runs[1][name], vocabulary) for name in common]


def _runs(folder: Path) -> dict[str, PredictionLog]:
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder; compare two folders, or two files with --gold.")
    runs: dict[str, PredictionLog] = {}
    for path in sorted(folder.glob(_LOGS)):
        with path.open(encoding="utf-8") as lines:
            try:
                head = LogHead.model_validate_json(lines.readline())
            except ValueError as error:
                raise DataError(f"{path} does not begin like a log of answers.") from error
        if head.suite not in suite_names():
            continue
        if head.suite in runs:
            raise DataError(
                f"{folder} has answers to {head.suite} under several settings: "
                f"{runs[head.suite].path.name} and {path.name}. Keep one of them."
            )
        runs[head.suite] = PredictionLog(path, head)
    if not runs:
        raise DataError(f"{folder} holds no answers of `affect-llm eval run` ({_LOGS}).")
    return runs


def _compared(
    name: str, one: PredictionLog, other: PredictionLog, vocabulary: Path | None
) -> Comparison:
    suite = load_suite(name)
    apart = sorted(one.answered.keys() ^ other.answered.keys())
    if apart:
        raise DataError(
            f"{name}: {one.path} and {other.path} do not answer the same items: {len(apart)} are "
            f"in one of them only ({listed(apart)}). Finish both runs with the same --limit."
        )
    changed = [i for i, p in one.answered.items() if p.gold != other.answered[i].gold]
    if changed:
        raise DataError(
            f"{name}: {len(changed)} items have another gold label in the two runs "
            f"({listed(changed)}); their data is not the same."
        )
    task, metrics = task_of(suite, vocabulary), METRICS[suite.task]
    first, second = (
        pairs_of(suite, task, [log.answered[i] for i in one.answered]) for log in (one, other)
    )
    measured = task.measure([*first.gold, *second.gold], [*first.predicted, *second.predicted])

    def again(items: Indices) -> Values:
        values = measured.again(items)
        return {("metrics", name): values.get(path) for name, path in metrics.items()}

    title = f"{suite.title} ({suite.task})"
    return comparison_of(title, again, first, second, str(one.path), str(other.path))
