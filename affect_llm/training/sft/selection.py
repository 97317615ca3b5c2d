"""Which step of a stage is kept: the best of the validation part, and when to stop."""

from pathlib import Path

from pydantic import ValidationError

from affect_llm.files import write_whole
from affect_llm.types import Model

HISTORY_FILE = "evaluations.json"
BEST_FILE = "best.safetensors"


class Evaluation(Model):
    """The validation part's score after so many steps."""

    step: int
    value: float


class History(Model):
    """All evaluations of a stage, in order."""

    evaluations: tuple[Evaluation, ...] = ()

    @property
    def best(self) -> Evaluation | None:
        """The best evaluation, the first of equals."""
        return max(self.evaluations, key=lambda e: (e.value, -e.step), default=None)

    @property
    def idle(self) -> int:
        """Evaluations since the best one."""
        best = self.best
        return 0 if best is None else sum(e.step > best.step for e in self.evaluations)

    def with_one(self, step: int, value: float) -> "History":
        """The history with one more; what a killed run evaluated beyond this step is forgotten."""
        before = tuple(e for e in self.evaluations if e.step < step)
        return History(evaluations=(*before, Evaluation(step=step, value=value)))


def read_history(folder: Path) -> History:
    """The stage's evaluations so far; none where the file is missing or damaged."""
    try:
        return History.model_validate_json((folder / HISTORY_FILE).read_bytes())
    except (OSError, ValidationError):
        return History()


def write_history(folder: Path, history: History) -> None:
    """Write the evaluations, whole or not at all."""
    write_whole(folder / HISTORY_FILE, history.model_dump_json(indent=2).encode() + b"\n")
