"""Corpora as rows, by their readers: `--dataset NAME --data FOLDER`."""

from collections import Counter
from pathlib import Path

from affect_llm.datasets.registry import DATASETS
from affect_llm.errors import DataError
from affect_llm.labels.sets import SETS
from affect_llm.training.sft.rows import LabelledRows, Part, Row, checked
from affect_llm.types import Sample

_SPLITS: dict[Part, tuple[str, ...]] = {
    "train": ("train",),
    "validation": ("validation", "dev", "val", "valid"),
    "test": ("test",),
}
_FILES = ("video", "audio", "image")


def read_corpus(name: str, folder: Path, labels: str | None) -> LabelledRows:
    """A corpus' annotated samples; each of its own splits is the part of that name.

    Args:
        name: of a reader in `datasets.registry`.
        folder: as the reader wants it.
        labels: set or comma list; None for the smallest named set that holds those that occur.

    Raises:
        UnknownComponent: no reader has that name.
        DataError: not laid out as documented, or without labels out of a closed set.
    """
    rows = LabelledRows([], (), name)
    for part, names in _SPLITS.items():
        samples, skips = _read(name, folder, names)
        rows.refused += skips
        for sample in samples:
            _add(rows, sample, part)
    if not any(row.split == "train" for row in rows.rows):
        raise DataError(f"{folder} holds no training part of {name} with labels of one closed set.")
    occurring = {gold for row in rows.rows for gold in row.golds}
    holding = [set_name for set_name, known in SETS.items() if occurring <= set(known)]
    smallest = min(holding, key=lambda set_name: (len(SETS[set_name]), set_name), default=None)
    return checked(rows, labels or smallest)


def _read(name: str, folder: Path, splits: tuple[str, ...]) -> tuple[list[Sample], Counter[str]]:
    """Samples of the first of `splits` that the corpus has; nothing where it has none of them."""
    reader = DATASETS.get(name)
    for split in splits:
        skips: Counter[str] = Counter()
        try:
            return list(reader(folder, split, skips)), skips
        except DataError as error:
            if "has no split" not in str(error) and split == "train":
                raise
    return [], Counter()


def _add(rows: LabelledRows, sample: Sample, part: Part) -> None:
    given = sample.annotations.get("emotions", sample.annotations.get("emotion"))
    golds = tuple(given) if isinstance(given, (list, tuple)) else (str(given),) if given else ()
    if not golds:
        return rows.refuse(f"'{sample.id}'", "it has no emotion label")
    path = next((sample.paths[kind] for kind in _FILES if kind in sample.paths), None)
    if path is None and not (sample.text or "").strip():
        return rows.refuse(f"'{sample.id}'", "it has neither a file nor words")
    rows.rows.append(
        Row(
            id=f"{part}/{sample.id}",
            path=path,
            text=sample.text or None,
            labels=golds,
            split=part,
            group=f"{part}/{sample.group}",
        )
    )
