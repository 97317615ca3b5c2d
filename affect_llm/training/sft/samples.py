"""Rows as training samples: cues and features, each clip read once and as inference does."""

import logging
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from affect_llm.adapters.tracks import TrackReader, with_absences
from affect_llm.config import Settings
from affect_llm.errors import AffectError, DataError
from affect_llm.pipeline import Preparer, Source
from affect_llm.prompting.salience import select_cues
from affect_llm.training.sft.rows import Part, Row
from affect_llm.training.sft.settings import SftSettings
from affect_llm.training.sft.sheet_cache import sheet_cache
from affect_llm.training.sft.splits import Parts
from affect_llm.types import CueSheet, Features

log = logging.getLogger(__name__)
_PROGRESS = 200
"""Clips between two lines of the log: with slow extractors that is every few minutes."""


@dataclass(frozen=True, slots=True)
class TrainingSample:
    """A row made ready to learn from.

    Args:
        row: as given.
        sheet: its cues, with an entry for every track that could not be had.
        labels: that may be answered.
        features: by track; empty on the text road.
    """

    row: Row
    sheet: CueSheet
    labels: tuple[str, ...]
    features: Mapping[str, Features] = field(default_factory=dict)

    @property
    def gold(self) -> str:
        """The first right label."""
        return self.row.golds[0]


@dataclass(slots=True)
class SampleParts:
    """Samples by part, and how many rows gave none, by reason."""

    parts: dict[Part, list[TrainingSample]]
    unread: Counter[str] = field(default_factory=Counter)


def prepare(
    parts: Parts, labels: tuple[str, ...], settings: SftSettings, reader: TrackReader | None
) -> SampleParts:
    """Read the cues and features of every row.

    Labels are offered where a row names no set; on the text road there is no reader.

    Raises:
        DataError: no training row has anything to go by.
    """
    samples = SampleParts({"train": [], "validation": [], "test": []})
    clips = ClipReader(cue_settings(settings), reader)
    for part, rows in parts.items():
        if rows:
            log.info("reading %d rows of the %s part", len(rows), part)
        without_cues = 0
        for number, row in enumerate(rows, 1):
            clip = clips.read(row)
            if isinstance(clip, str):
                samples.unread[clip] += 1
            elif reader is None and not select_cues(clip[0]):
                without_cues += 1
            else:
                sample = TrainingSample(row, clip[0], row.offered(labels), clip[1])
                samples.parts[part].append(sample)
            if number % _PROGRESS == 0:
                log.info("read %d of %d clips", number, len(rows))
        if without_cues:
            samples.unread["no cue was found"] += without_cues
    if not samples.parts["train"]:
        reasons = "; ".join(f"{reason} ({n})" for reason, n in samples.unread.most_common(3))
        raise DataError(f"No training row gave anything to learn from: {reasons}.")
    return samples


def cue_settings(settings: SftSettings) -> Settings:
    """The pipeline's settings for the same cues."""
    names = ("modalities", "language", "face", "voice", "speech", "scene", "face_rate_hz", "device")
    return Settings(reasoner="fake", **{name: getattr(settings, name) for name in names})


class ClipReader:
    """Reads the cues and features of rows, each clip once; what the caches hold is not made again.

    Without a reader of features there are none.

    Raises:
        AffectError: an extractor that the settings name is not there.
    """

    def __init__(self, settings: Settings, reader: TrackReader | None = None) -> None:
        self._preparer = Preparer(settings)
        self._reader = reader
        self.sheets = sheet_cache(self._preparer)

    def read(self, row: Row) -> tuple[CueSheet, dict[str, Features]] | str:
        """Cues and features of a row, or the sentence that says why it has none."""
        sheet = self.sheets.get(row)
        if sheet is not None and self._reader is None:
            return sheet, {}
        try:
            clip = self._preparer.open_clip(Source(Path(row.path) if row.path else None, row.text))
        except AffectError as error:
            return str(error)
        if sheet is None:
            sheet = self._preparer.cues(clip)
            self.sheets.put(row, sheet)
        if self._reader is None:
            return sheet, {}
        features = self._reader.features(clip, self._preparer.settings.modalities)
        return with_absences(sheet, features), features


def deal_labels(samples: Sequence[TrainingSample], seed: int) -> list[TrainingSample]:
    """The samples with one another's labels and explanations, among those of one label set."""
    dealt = list(samples)
    rng = random.Random(seed)
    for labels in sorted({sample.labels for sample in samples}):
        places = [n for n, sample in enumerate(samples) if sample.labels == labels]
        for place, other in zip(places, rng.sample(places, k=len(places)), strict=True):
            row = samples[other].row
            answer = {"label": row.label, "labels": row.labels, "explanation": row.explanation}
            changed = samples[place].row.model_copy(update=answer)
            dealt[place] = replace(samples[place], row=changed)
    return dealt
