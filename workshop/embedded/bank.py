"""Rows of real voices and faces as cues: what the composer draws from.

A bank is a JSONL file with one row per recording or picture. Rows of the training part carry
scores of heads that never saw that speaker or picture, so that the reasoner learns how far such
scores can be trusted.
"""

import json
from pathlib import Path

from affect_llm.errors import DataError
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


def read_bank(path: Path) -> list[BankRow]:
    """All rows that have measurements, in the file's order.

    Raises:
        DataError: the file is missing or a row lacks a key.
    """
    if not path.is_file():
        raise DataError(f"The cue bank {path} is missing: make it with the heads' training code.")
    rows = [_row(line, path) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row.measurements]


def _row(line: str, path: Path) -> BankRow:
    try:
        raw = json.loads(line)
        return BankRow(
            id=raw["id"],
            emotion=raw["emotion"],
            part="validation" if raw.get("speaker") in SET_APART else raw["split"],
            extractor=raw.get("extractor", "light"),
            measurements=tuple(Measurement.model_validate(m) for m in raw["measurements"]),
        )
    except (KeyError, ValueError) as error:
        raise DataError(f"{path} holds a row that is not of a cue bank: {error}.") from error
