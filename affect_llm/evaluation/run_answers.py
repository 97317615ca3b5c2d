"""The answers behind a report, found again in its output folder."""

from pathlib import Path

from affect_llm.evaluation.log import LogHead, PredictionLog
from affect_llm.evaluation.prediction import Prediction
from affect_llm.evaluation.report import Report


def answers_of(report: Report, out: Path) -> dict[str, list[Prediction]]:
    """Suite → its answers, for suites whose newest log holds exactly the items of their score."""
    found: dict[str, list[Prediction]] = {}
    for suite in report.suites:
        logs = sorted(
            out.glob(f"{suite.name}.*.predictions.jsonl"), key=lambda path: path.stat().st_mtime
        )
        if not logs or suite.score is None:
            continue
        answers = list(_read(logs[-1]))
        if len(answers) == suite.score.n:
            found[suite.name] = answers
    return found


def _read(path: Path) -> list[Prediction]:
    with path.open(encoding="utf-8") as lines:
        head = LogHead.model_validate_json(lines.readline())
    return list(PredictionLog(path, head).answered.values())
