"""RAVDESS speech: two English sentences acted in eight emotions by 24 actors.

Layout: folders `Actor_01` … with files `03-01-06-01-02-01-12.wav` (modality, channel, emotion,
intensity, statement, repetition, actor), or a table `labels.tsv` (see `speech_table`).
Record: `Sample(id="03-01-06-01-02-01-12", text="Dogs are sitting by the door",
annotations={"emotion": "fearful", "intensity": "normal"}, split="train", group="ravdess-12",
paths={"audio": …})`.

Split by actor: 13 to 16 are held out here (the development data ends at 16), the others train.
The text is one of two fixed sentences and tells nothing of the emotion.

Source: Livingstone and Russo 2018, doi 10.1371/journal.pone.0196391.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from affect_llm.datasets.reading import Skips, check_split, existing, skip
from affect_llm.datasets.speech_table import Recording, read_recordings
from affect_llm.errors import DataError
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

SPLITS = ("train", "test")
TEST_ACTORS = frozenset({13, 14, 15, 16})
STATEMENTS = {"01": "Kids are talking by the door", "02": "Dogs are sitting by the door"}
_NAME = re.compile(r"03-01-(0[1-8])-(0[12])-(0[12])-\d\d-(\d\d)")
_SUFFIXES = frozenset({".wav", ".flac"})


def read_ravdess(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Recordings in order of the table or the files; the group is the actor.

    Raises:
        DataError: an unknown split, no such layout, or a table that breaks it.
    """
    check_split("RAVDESS", split, SPLITS)
    table = root / "labels.tsv"
    found = (
        read_recordings("ravdess", table, SETS["ravdess8"])
        if table.is_file()
        else _recordings(existing("RAVDESS", root), skips)
    )
    for recording in found:
        if (recording.speaker in TEST_ACTORS) == (split == "test"):
            yield _sample(recording, split)


def _sample(recording: Recording, split: str) -> Sample:
    return Sample(
        id=recording.path.stem,
        annotations={"emotion": recording.emotion, "intensity": recording.intensity},
        split=split,
        group=f"ravdess-{recording.speaker:02d}",
        text=recording.transcript,
        paths={"audio": str(recording.path)},
    )


def _recordings(root: Path, skips: Skips | None) -> Iterator[Recording]:
    paths = [p for p in sorted(root.glob("**/Actor_*/*")) if p.suffix in _SUFFIXES]
    if not paths:
        raise DataError(
            f"RAVDESS is not laid out as documented: {root} holds neither labels.tsv nor "
            "folders Actor_01, Actor_02 … with .wav or .flac files."
        )
    for path in paths:
        match = _NAME.fullmatch(path.stem)
        if match is None:
            skip(skips, "a name that is not RAVDESS speech")
            continue
        emotion, intensity, statement, actor = match.groups()
        yield Recording(
            path=path,
            emotion=SETS["ravdess8"][int(emotion) - 1],
            intensity="normal" if intensity == "01" else "strong",
            speaker=int(actor),
            transcript=STATEMENTS[statement],
        )
