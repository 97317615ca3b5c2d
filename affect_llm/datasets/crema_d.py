"""CREMA-D: twelve English sentences acted in six emotions by 91 actors.

Layout: files `1001_DFA_ANG_XX.wav` (actor, sentence, emotion, level), as in the corpus'
`AudioWAV` folder, or a table `labels.tsv` (see `speech_table`).
Record: `Sample(id="1001_DFA_ANG_XX", text="Don't forget a jacket.",
annotations={"emotion": "anger", "intensity": "unspecified"}, split="train", group="cremad-1001",
paths={"audio": …})`.

The label is the emotion that was acted, not the one that raters heard. Split by actor, since the
corpus has none of its own: 1073 and above (19 of the 91) are held out, the others train.

Source: Cao et al. 2014, doi 10.1109/TAFFC.2014.2336244; names as the corpus' own README has them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from affect_llm.datasets.acted_speech import SPLITS, ActedSpeech, read_acted_speech
from affect_llm.datasets.reader import Skips
from affect_llm.datasets.speech_table import Recording
from affect_llm.types import Sample

__all__ = ["SPLITS", "read_crema_d"]
FIRST_TEST_ACTOR = 1073
EMOTIONS = {
    "ANG": "anger",
    "DIS": "disgust",
    "FEA": "fear",
    "HAP": "happy",
    "NEU": "neutral",
    "SAD": "sad",
}
LEVELS = {"LO": "low", "MD": "medium", "HI": "high", "XX": "unspecified", "X": "unspecified"}
SENTENCES = {
    "IEO": "It's eleven o'clock.",
    "TIE": "That is exactly what happened.",
    "IOM": "I'm on my way to the meeting.",
    "IWW": "I wonder what this is about.",
    "TAI": "The airplane is almost full.",
    "MTI": "Maybe tomorrow it will be cold.",
    "IWL": "I would like a new alarm clock.",
    "ITH": "I think I have a doctor's appointment.",
    "DFA": "Don't forget a jacket.",
    "ITS": "I think I've seen this before.",
    "TSI": "The surface is slick.",
    "WSI": "We'll stop in a couple of minutes.",
}
_NAME = re.compile(r"(1\d{3})_([A-Z]{3})_(ANG|DIS|FEA|HAP|NEU|SAD)_(LO|MD|HI|XX?)")


def read_crema_d(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Recordings in order of the table or the files; the group is the actor.

    Raises:
        DataError: an unknown split, no such layout, or a table that breaks it.
    """
    return read_acted_speech(_CREMA_D, root, split, skips)


def _decode(path: Path) -> Recording | None:
    match = _NAME.fullmatch(path.stem)
    if match is None or match[2] not in SENTENCES:
        return None
    actor, sentence, emotion, level = match.groups()
    return Recording(path, EMOTIONS[emotion], LEVELS[level], int(actor), SENTENCES[sentence])


_CREMA_D = ActedSpeech(
    title="CREMA-D",
    corpus="cremad",
    labels="crema6",
    decode=_decode,
    held_out=lambda actor: actor >= FIRST_TEST_ACTOR,
    example="AudioWAV/1001_DFA_ANG_XX.wav",
)
