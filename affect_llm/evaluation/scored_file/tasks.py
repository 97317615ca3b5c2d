"""Tasks by name, built from what the command line says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from affect_llm.errors import ConfigError, UnknownComponent
from affect_llm.evaluation.scored_file.task import Task
from affect_llm.labels.sets import label_set
from affect_llm.registry import unknown_name

VOCABULARIES = ("own", "official-2025", "official-2026")


@dataclass(frozen=True, slots=True)
class TaskOptions:
    """What tasks can be told; each takes what concerns it.

    Args:
        vocabulary: of open-vocabulary tasks.
        vocabulary_dir: folder of the official tables.
        labels: a label set's name or a comma list, for closed sets; None for the gold file's own.
    """

    vocabulary: str = "own"
    vocabulary_dir: Path | None = None
    labels: str | None = None

    def __post_init__(self) -> None:
        if self.vocabulary not in VOCABULARIES:
            raise UnknownComponent(unknown_name("vocabularies", self.vocabulary, VOCABULARIES))
        if self.vocabulary.startswith("official") and self.vocabulary_dir is None:
            raise ConfigError(
                f"--vocabulary {self.vocabulary} needs --vocabulary-dir: the folder of its tables "
                "(format.csv, synonym.xlsx, wheel1.xlsx … or wheel_mapping.npz), which are not "
                "part of this package."
            )


def build_task(name: str, options: TaskOptions) -> Task[Any, Any]:
    """The task called `name`.

    Raises:
        UnknownComponent: there is none.
        AffectError: its vocabulary or label set is not there.
    """
    if name not in TASKS:
        raise UnknownComponent(unknown_name("tasks", name, TASKS))
    return TASKS[name](options)


def _closed_set(options: TaskOptions) -> Task[Any, Any]:
    from affect_llm.evaluation.scored_file.closed_set import ClosedSet

    return ClosedSet(labels=_labels(options))


def _dimensional(options: TaskOptions) -> Task[Any, Any]:
    from affect_llm.evaluation.scored_file.dimensional import Dimensional

    return Dimensional()


def _labels(options: TaskOptions) -> tuple[str, ...]:
    if options.labels is None:
        return ()
    return tuple(label.casefold() for label in label_set(options.labels))


TASKS: Mapping[str, Callable[[TaskOptions], Task[Any, Any]]] = {
    "closed-set": _closed_set,
    "dimensional": _dimensional,
}
