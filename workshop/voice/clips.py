"""The speech part of the development data: labelled clips and who is kept for testing.

A row of `labels.tsv`, tab-separated: file, corpus, lang, emotion, intensity, speaker, sex,
transcript, dur_s, e.g. `ravdess/Actor_01/03-01-05-02-01-01-01.flac ravdess en angry strong
ravdess_01 M "Kids are talking by the door" 3.303`.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from affect_llm.cues.voice.frame_grid import Signal
from affect_llm.errors import DataError
from affect_llm.labels.canonical import canonical
from affect_llm.types import AUDIO_RATE_HZ

TEST_SPEAKERS = frozenset(
    ("ravdess_13", "ravdess_14", "ravdess_15", "ravdess_16", "emodb_11", "emodb_12")
)
"""Speakers that are never trained on and never used to choose anything."""
_COLUMNS = {"file", "corpus", "lang", "emotion", "intensity", "speaker", "transcript"}


@dataclass(frozen=True, slots=True)
class SpeechClip:
    """One labelled utterance; `emotion` is the canonical name."""

    file: str
    path: Path
    corpus: str
    language: str
    emotion: str
    strong: bool
    speaker: str
    transcript: str

    @property
    def test(self) -> bool:
        """Whether the speaker is kept for testing."""
        return self.speaker in TEST_SPEAKERS


def read_clips(data: Path) -> list[SpeechClip]:
    """Every clip listed in `data/labels.tsv`, in its order.

    Raises:
        DataError: no such table, a column is missing, or a label has no canonical name.
    """
    table = data / "labels.tsv"
    if not table.is_file():
        raise DataError(f"There is no {table}. Give the folder that holds labels.tsv.")
    with table.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines, delimiter="\t")
        missing = _COLUMNS - set(reader.fieldnames or ())
        if missing:
            raise DataError(f"{table} lacks the columns {', '.join(sorted(missing))}.")
        return [_clip(data, row) for row in reader]


def _clip(data: Path, row: dict[str, str]) -> SpeechClip:
    emotion = canonical(row["emotion"])
    if emotion is None:
        raise DataError(f"The label '{row['emotion']}' of {row['file']} has no canonical name.")
    return SpeechClip(
        file=row["file"],
        path=data / row["file"],
        corpus=row["corpus"],
        language=row["lang"],
        emotion=emotion,
        strong=row["intensity"] == "strong",
        speaker=row["speaker"],
        transcript=row["transcript"],
    )


def read_samples(path: Path) -> Signal:
    """The mono 16 kHz samples of an audio file, (n,) float32.

    Raises:
        DataError: another rate, which would need resampling first.
    """
    import soundfile  # type: ignore[import-untyped]

    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    if rate != AUDIO_RATE_HZ:
        raise DataError(f"{path} has {rate} Hz, and {AUDIO_RATE_HZ} Hz is needed: resample it.")
    return np.asarray(samples.mean(axis=1), dtype=np.float32)
