"""What a report can draw beside its numbers."""

from affect_llm.evaluation.intervals import Interval
from affect_llm.metrics.calibration_error import ReliabilityBin
from affect_llm.types import Model


class Confusion(Model):
    """Counts of gold labels (rows) by answers (columns); the last column is "no answer"."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class LabelRow(Model):
    """One label on its own; None where it does not occur.

    Args:
        interval: of F1.
        by_chance: F1 expected of the same answers dealt out at random: with shares g of the gold
            and a of the answers, precision is g and recall a, so F1 is 2 g a / (g + a).
    """

    label: str
    support: int
    precision: float | None
    recall: float | None
    f1: float | None
    interval: Interval | None = None
    by_chance: float | None = None


class RiskPoint(Model):
    """Answering only the surest `coverage` (0 to 1) of all items is wrong this often (0 to 1)."""

    coverage: float
    risk: float


class Charts(Model):
    """Each is empty or None where a task has no such thing."""

    confusion: Confusion | None = None
    labels: tuple[LabelRow, ...] = ()
    reliability: tuple[ReliabilityBin, ...] = ()
    risk_coverage: tuple[RiskPoint, ...] = ()
    calibration_error: float | None = None
