"""Rows of all parts to cases; what could not be read is counted."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from affect_llm.adapters.tracks import TrackReader, with_absences
from affect_llm.errors import DataError
from affect_llm.prompting.salience import select_cues
from affect_llm.training.sft.cases import Case
from affect_llm.training.sft.clip_features import read_features
from affect_llm.training.sft.rows import Part, Row
from affect_llm.training.sft.settings import SftSettings
from affect_llm.training.sft.sheets import cue_settings, read_sheets
from affect_llm.training.sft.splits import Parts
from affect_llm.types import CueSheet, Features

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Prepared:
    """Cases by part, and the rows that gave none, by reason."""

    cases: dict[Part, list[Case]]
    unread: Counter[str] = field(default_factory=Counter)


def prepare(
    parts: Parts, labels: tuple[str, ...], settings: SftSettings, reader: TrackReader | None
) -> Prepared:
    """Cues and features of every row.

    Args:
        parts: rows of each part.
        labels: offered where a row names no set.
        settings: of the run.
        reader: of the tracks; None on the text road.

    Raises:
        DataError: no training row has anything to go by.
    """
    prepared = Prepared({"train": [], "validation": [], "test": []})
    for part, rows in parts.items():
        if rows:
            log.info("reading %d rows of the %s part", len(rows), part)
        for row, sheet, clip in _read(rows, settings, reader, prepared.unread):
            prepared.cases[part].append(Case(row, sheet, row.offered(labels), clip))
    if not prepared.cases["train"]:
        told = "; ".join(f"{reason} ({n})" for reason, n in prepared.unread.most_common(3))
        raise DataError(f"No training row gave anything to learn from: {told}.")
    return prepared


def _read(
    rows: Sequence[Row],
    settings: SftSettings,
    reader: TrackReader | None,
    unread: Counter[str],
) -> list[tuple[Row, CueSheet, dict[str, Features]]]:
    asked = cue_settings(settings)
    sheets: list[tuple[Row, CueSheet]] = []
    for row, found in read_sheets(rows, asked):
        if isinstance(found, str):
            unread[found] += 1
        else:
            sheets.append((row, found))
    if reader is None:
        shown = [(row, sheet, dict[str, Features]()) for row, sheet in sheets if select_cues(sheet)]
        if len(shown) < len(sheets):
            unread["no cue was found"] += len(sheets) - len(shown)
        return shown
    clips = read_features([row for row, _ in sheets], reader, asked)
    return [
        (row, with_absences(sheet, clip), clip)
        for (row, sheet), clip in zip(sheets, clips, strict=True)
    ]
