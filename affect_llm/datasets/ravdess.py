"""RAVDESS speech: two English sentences acted in eight emotions by 24 actors.

Layout: folders `Actor_01` … with files `03-01-06-01-02-01-12.wav` (modality, channel, emotion,
intensity, statement, repetition, actor), or a table `labels.tsv` (see `speech_table`).
Record: `Sample(id="03-01-06-01-02-01-12", text="Dogs are sitting by the door",
annotations={"emotion": "fearful", "intensity": "normal"}, split="train", group="ravdess-12",
paths={"audio": …})`.

Split by actor, since the corpus has none of its own: 13 and above are held out here, the others
train. The text is one of two fixed sentences and tells nothing of the emotion. Songs and videos
are left out.

Source: Livingstone and Russo 2018, doi 10.1371/journal.pone.0196391, which documents the names.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from affect_llm.datasets.acted_speech import SPLITS, ActedSpeech, read_acted_speech
from affect_llm.datasets.reader import Skips
from affect_llm.datasets.speech_table import Recording
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

__all__ = ["SPLITS", "read_ravdess"]
FIRST_TEST_ACTOR = 13
STATEMENTS = {"01": "Kids are talking by the door", "02": "Dogs are sitting by the door"}
_NAME = re.compile(r"03-01-(0[1-8])-(0[12])-(0[12])-\d\d-(\d\d)")


def read_ravdess(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Recordings in order of the table or the files; the group is the actor.

    Raises:
        DataError: an unknown split, no such layout, or a table that breaks it.
    """
    return read_acted_speech(_RAVDESS, root, split, skips)


def _decode(path: Path) -> Recording | None:
    match = _NAME.fullmatch(path.stem)
    if match is None:
        return None
    emotion, intensity, statement, actor = match.groups()
    return Recording(
        path=path,
        emotion=SETS["ravdess8"][int(emotion) - 1],
        intensity="normal" if intensity == "01" else "strong",
        speaker=int(actor),
        transcript=STATEMENTS[statement],
    )


_RAVDESS = ActedSpeech(
    title="RAVDESS",
    corpus="ravdess",
    labels="ravdess8",
    decode=_decode,
    held_out=lambda actor: actor >= FIRST_TEST_ACTOR,
    example="Actor_01/03-01-06-01-02-01-01.wav",
)
