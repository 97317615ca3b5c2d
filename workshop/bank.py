"""Banks: rows of real voices and faces as cues, which the embedded reasoner learns from.

A bank is a JSONL file with one row per recording or picture. Rows of the training part carry
scores of heads that never saw that speaker or picture, so that the reasoner learns how far such
scores can be trusted.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from affect_llm.errors import DataError
from affect_llm.files import write_whole
from affect_llm.json_lines import read_objects
from affect_llm.types import Measurement, Model

SET_APART = frozenset({"ravdess_11", "ravdess_12", "emodb_10"})
"""Speakers of the voice head's training part whose (out-of-fold) rows the reasoner is not trained
on, so that its temperatures can be fitted on them.
"""

_LABEL_SETS = {"ravdess": "ravdess8", "emodb": "emodb7"}


class BankRow(Model):
    """One recording or picture.

    Args:
        emotion: canonical name ("happiness").
        part: "train", "validation" or "test": no head and no reasoner is trained on the last
            two; temperatures are fitted on the second.
        extractor: which extractor measured it.
    """

    id: str
    emotion: str
    part: str
    extractor: str
    measurements: tuple[Measurement, ...]

    @property
    def label_set(self) -> str:
        """Name of the label set of the corpus that the row is from."""
        corpus = self.id.split("/")[0].split("_")[0]
        return _LABEL_SETS.get(corpus, "fer7")


def write_bank(rows: Iterable[Mapping[str, object]], path: Path) -> None:
    """Write rows as JSON lines, all or none.

    Args:
        rows: with "id", "emotion", "split" and "measurements", and what else is known of them.
        path: the file; its folder is made.
    """
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    write_whole(path, "\n".join(lines) + "\n")


def read_bank(path: Path) -> list[BankRow]:
    """All rows that have measurements, in the file's order.

    Raises:
        DataError: the file is missing or a row lacks a key.
    """
    if not path.is_file():
        raise DataError(f"The cue bank {path} is missing: make it with the heads' training code.")
    rows = [_row(raw, path) for _, raw in read_objects(path)]
    return [row for row in rows if row.measurements]


def _row(raw: Mapping[str, Any], path: Path) -> BankRow:
    try:
        return BankRow(
            id=raw["id"],
            emotion=raw["emotion"],
            part="validation" if raw.get("speaker") in SET_APART else raw["split"],
            extractor=raw.get("extractor", "light"),
            measurements=tuple(Measurement.model_validate(m) for m in raw["measurements"]),
        )
    except (KeyError, ValueError) as error:
        raise DataError(f"{path} holds a row that is not of a cue bank: {error}.") from error
