"""CREMA-D: twelve English sentences acted in six emotions by 91 actors.

Layout: files `1001_DFA_ANG_XX.wav` (actor, sentence, emotion, level), as in the corpus'
`AudioWAV` folder, or a table `labels.tsv` (see `acted_speech`).
Record: `Sample(id="1001_DFA_ANG_XX", text="Don't forget a jacket.",
annotations={"emotion": "anger", "intensity": "unspecified"}, split="train", group="cremad-1001",
paths={"audio": …})`.

The label is the emotion that was acted, not the one that raters heard. Split by actor, since the
corpus has none of its own: 1073 and above (19 of the 91) are held out, the others train.

Source: Cao et al. 2014, doi 10.1109/TAFFC.2014.2336244; names as the corpus' own README has them.
"""

import re

from affect_llm.datasets.acted_speech import ActedSpeech, Recording

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


read_crema_d = ActedSpeech(
    title="CREMA-D",
    corpus="cremad",
    labels="crema6",
    name=re.compile(
        rf"(1\d{{3}})_({'|'.join(SENTENCES)})_({'|'.join(EMOTIONS)})_({'|'.join(LEVELS)})"
    ),
    decode=lambda m: Recording(EMOTIONS[m[3]], int(m[1]), LEVELS[m[4]], SENTENCES[m[2]]),
    first_held_out=1073,
    example="AudioWAV/1001_DFA_ANG_XX.wav",
)
