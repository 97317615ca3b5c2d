"""Emo-DB: ten German sentences acted in seven emotions by ten speakers.

Layout: files `03a01Fa.wav` (speaker, sentence, emotion letter, version), as in the corpus'
`wav` folder, or a table `labels.tsv` (see `speech_table`).
Record: `Sample(id="03a01Fa", text="Der Lappen liegt auf dem Eisschrank.",
annotations={"emotion": "happiness"}, split="train", group="emodb-03", paths={"audio": …})`.

Split by speaker: 11 and 12 are held out, the others train.

Source: Burkhardt et al. 2005, Interspeech, A Database of German Emotional Speech.
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
TEST_SPEAKERS = frozenset({11, 12})
LETTERS = {
    "W": "anger",
    "L": "boredom",
    "E": "disgust",
    "A": "fear",
    "F": "happiness",
    "T": "sadness",
    "N": "neutral",
}
_NAME = re.compile(r"(\d\d)[ab]\d\d([WLEAFTN])[a-z]")
_SUFFIXES = frozenset({".wav", ".flac"})


def read_emodb(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Recordings in order of the table or the files; the group is the speaker.

    Without a table the transcript is empty: the names only number the sentences.

    Raises:
        DataError: an unknown split, no such layout, or a table that breaks it.
    """
    check_split("Emo-DB", split, SPLITS)
    table = root / "labels.tsv"
    found = (
        read_recordings("emodb", table, SETS["emodb7"])
        if table.is_file()
        else _recordings(existing("Emo-DB", root), skips)
    )
    for recording in found:
        if (recording.speaker in TEST_SPEAKERS) == (split == "test"):
            yield _sample(recording, split)


def _sample(recording: Recording, split: str) -> Sample:
    return Sample(
        id=recording.path.stem,
        annotations={"emotion": recording.emotion},
        split=split,
        group=f"emodb-{recording.speaker:02d}",
        text=recording.transcript or None,
        paths={"audio": str(recording.path)},
    )


def _recordings(root: Path, skips: Skips | None) -> Iterator[Recording]:
    paths = [p for p in sorted(root.glob("**/*")) if p.suffix in _SUFFIXES]
    if not paths:
        raise DataError(
            f"Emo-DB is not laid out as documented: {root} holds neither labels.tsv nor files "
            "such as 03a01Fa.wav."
        )
    for path in paths:
        match = _NAME.fullmatch(path.stem)
        if match is None:
            skip(skips, "a name that is not Emo-DB's")
            continue
        yield Recording(path, LETTERS[match[2]], "", int(match[1]), "")
