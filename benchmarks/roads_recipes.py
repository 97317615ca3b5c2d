"""How each road is trained: `train sft` recipes that share all but the road."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from affect_llm.training.sft.settings import TrainedRoad
from affect_llm.types import Road

LABELS = "ravdess8"
LAYERS = (3, 4, 5)
"""The best of seven choices in a linear probe over folds of actors 01-12."""


@dataclass(frozen=True, slots=True)
class Run:
    """An adapter to train.

    Args:
        name: in the table.
        road: that it is asked on.
        epochs: of training; a prompt with words is six times as long as one without.
        start: name of the run whose weights it goes on from.
        trained: road in training, if it is another one.
        control: as in the settings.
    """

    name: str
    road: Road
    epochs: int
    start: str | None = None
    trained: TrainedRoad | None = None
    control: Literal["shuffled-labels"] | None = None


_ALL = (
    Run("projected", "projected", 16),
    Run("both", "both", 3, start="projected", trained="mixed"),
    Run("projected with shuffled labels", "projected", 16, control="shuffled-labels"),
)
RUNS = {run.name: run for run in _ALL}


def recipe(run: Run, whisper: Path, start: Path | None) -> dict[str, object]:
    """Settings of a run."""
    options = {"checkpoint": str(whisper), "layers": list(LAYERS), "pool": 10, "window_s": 6.0}
    track = {"name": "voice", "encoder": "whisper", "options": options, "tokens": 6}
    return {
        "road": run.trained or run.road,
        "roads": {"projected": 1.0, "both": 1.0},
        "start": None if start is None else str(start),
        "modalities": ["audio"],
        "tracks": [track],
        "projector": {"kind": "mlp", "hidden": 256, "dropout": 0.5},
        "projector_learning_rate": 1e-3,
        "lora": {"r": 16, "alpha": 32, "dropout": 0.0},
        "learning_rate": 1e-3,
        "batch_tokens": 1024,
        "curriculum": {"noise": [1.0, 1.0], "tokens": [0.2, 0.2]},
        "epochs": run.epochs,
        "evaluations": 4,
        "metric": "uar",
        "control": run.control,
        "licences": ["RAVDESS: CC BY-NC-SA 4.0"],
    }
