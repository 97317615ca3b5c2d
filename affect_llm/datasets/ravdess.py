"""RAVDESS speech: two English sentences acted in eight emotions by 24 actors.

Layout: folders `Actor_01` … with files `03-01-06-01-02-01-12.wav` (modality, channel, emotion,
intensity, statement, repetition, actor), or a table `labels.tsv` (see `acted_speech`).
Record: `Sample(id="03-01-06-01-02-01-12", text="Dogs are sitting by the door",
annotations={"emotion": "fearful", "intensity": "normal"}, split="train", group="ravdess-12",
paths={"audio": …})`.

Split by actor, since the corpus has none of its own: 13 and above are held out here, the others
train. The text is one of two fixed sentences and tells nothing of the emotion. Songs and videos
are left out.

Source: Livingstone and Russo 2018, doi 10.1371/journal.pone.0196391, which documents the names.
"""

import re

from affect_llm.datasets.acted_speech import ActedSpeech, Recording
from affect_llm.labels.sets import SETS

STATEMENTS = {"01": "Kids are talking by the door", "02": "Dogs are sitting by the door"}


read_ravdess = ActedSpeech(
    title="RAVDESS",
    corpus="ravdess",
    labels="ravdess8",
    name=re.compile(r"03-01-(0[1-8])-(0[12])-(0[12])-\d\d-(\d\d)"),
    decode=lambda match: Recording(
        emotion=SETS["ravdess8"][int(match[1]) - 1],
        speaker=int(match[4]),
        intensity="normal" if match[2] == "01" else "strong",
        transcript=STATEMENTS[match[3]],
    ),
    first_held_out=13,
    example="Actor_01/03-01-06-01-02-01-01.wav",
)
