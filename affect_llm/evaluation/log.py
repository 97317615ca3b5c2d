"""Predictions on disk, one JSON line each, so that a killed run goes on where it was."""

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from affect_llm.adapters.folder import open_adapter
from affect_llm.config import Settings
from affect_llm.errors import DataError
from affect_llm.evaluation.prediction import Prediction
from affect_llm.json_lines import cut_torn_line, numbered_lines
from affect_llm.types import Model


class LogHead(Model):
    """First line of a log: what was measured, with which settings."""

    suite: str
    fingerprint: str


def head_of(suite: str, description: str, settings: Settings) -> LogHead:
    """The head for a suite, its description as text, and the settings of the run.

    An adapter counts by what is in its folder, so that one that was trained again is asked again.
    """
    # Logs from before there was this setting go on where it says nothing.
    settings_text = settings.model_dump_json(exclude=None if settings.cues else {"cues"})
    text = f"{description}\n{settings_text}"
    if settings.adapter is not None:
        adapter = open_adapter(Path(settings.adapter))
        text += f"\n{adapter.manifest.provenance} {adapter.calibration}"
    return LogHead(suite=suite, fingerprint=hashlib.sha256(text.encode()).hexdigest()[:16])


class PredictionLog:
    """Reads what an earlier run has answered, and appends to it.

    Args:
        path: the log's file; its folder is made.
        head: of this run.

    Raises:
        DataError: the log was made with another suite or other settings, or is damaged.
    """

    def __init__(self, path: Path, head: LogHead) -> None:
        self.path = path
        self._head = head.model_dump_json()
        self.answered: dict[str, Prediction] = {}
        if not path.exists():
            return
        cut_torn_line(path)
        lines = [line for _, line in numbered_lines(path.read_text(encoding="utf-8"))]
        if lines and lines[0] != self._head:
            raise DataError(
                f"{path} was made with another suite or other settings. Delete it, or give "
                "another folder for the results."
            )
        for number, line in enumerate(lines[1:], start=2):
            try:
                prediction = Prediction.model_validate_json(line)
            except ValidationError as error:
                raise DataError(f"{path}, line {number} is damaged. Delete it.") from error
            self.answered[prediction.id] = prediction

    def begin_anew(self) -> None:
        """Put the file aside as `….old` and forget what is in it."""
        os.replace(self.path, self.path.with_name(self.path.name + ".old"))
        self.answered = {}

    def append(self, predictions: Iterable[Prediction]) -> None:
        """Write each prediction as it comes."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as lines:
            if lines.tell() == 0:
                lines.write(self._head + "\n")
            for prediction in predictions:
                lines.write(prediction.model_dump_json() + "\n")
                lines.flush()
                self.answered[prediction.id] = prediction


def progress(predictions: Iterator[Prediction], name: str, total: int) -> Iterator[Prediction]:
    """The same predictions, counted on standard error."""
    for number, prediction in enumerate(predictions, start=1):
        if number % max(1, total // 20) == 0 or number == total:
            print(f"{name}: {number} of {total}", file=sys.stderr, flush=True)
        yield prediction
