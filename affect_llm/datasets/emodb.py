"""Emo-DB: ten German sentences acted in seven emotions by ten speakers.

Layout: files `03a01Fa.wav` (speaker, sentence, emotion letter, version), as in the corpus'
`wav` folder, or a table `labels.tsv` (see `speech_table`).
Record: `Sample(id="03a01Fa", text="Der Lappen liegt auf dem Eisschrank.",
annotations={"emotion": "happiness"}, split="train", group="emodb-03", paths={"audio": …})`.

Split by speaker, since the corpus has none of its own: 11 and above are held out, the others
train. Without a table the transcript is empty: the names only number the sentences.

Source: Burkhardt et al. 2005, Interspeech, A Database of German Emotional Speech.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from affect_llm.datasets.acted_speech import SPLITS, ActedSpeech, read_acted_speech
from affect_llm.datasets.reader import Skips
from affect_llm.datasets.speech_table import Recording
from affect_llm.types import Sample

__all__ = ["SPLITS", "read_emodb"]
FIRST_TEST_SPEAKER = 11
LETTERS = {
    "W": "anger",
    "L": "boredom",
    "E": "disgust",
    "A": "fear",
    "F": "happiness",
    "T": "sadness",
    "N": "neutral",
}
_NAME = re.compile(r"(\d\d)[ab]\d\d([WLEAFTN])[a-z]?")


def read_emodb(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Recordings in order of the table or the files; the group is the speaker.

    Raises:
        DataError: an unknown split, no such layout, or a table that breaks it.
    """
    return read_acted_speech(_EMODB, root, split, skips)


def _decode(path: Path) -> Recording | None:
    match = _NAME.fullmatch(path.stem)
    return match and Recording(path, LETTERS[match[2]], "", int(match[1]), "")


_EMODB = ActedSpeech(
    title="Emo-DB",
    corpus="emodb",
    labels="emodb7",
    decode=_decode,
    held_out=lambda speaker: speaker >= FIRST_TEST_SPEAKER,
    example="wav/03a01Fa.wav",
)
