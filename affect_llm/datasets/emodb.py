"""Emo-DB: ten German sentences acted in seven emotions by ten speakers.

Layout: files `03a01Fa.wav` (speaker, sentence, emotion letter, version), as in the corpus'
`wav` folder, or a table `labels.tsv` (see `acted_speech`).
Record: `Sample(id="03a01Fa", text="Der Lappen liegt auf dem Eisschrank.",
annotations={"emotion": "happiness"}, split="train", group="emodb-03", paths={"audio": …})`.

Split by speaker, since the corpus has none of its own: 11 and above are held out, the others
train. Without a table the transcript is empty: the names only number the sentences.

Source: Burkhardt et al. 2005, Interspeech, A Database of German Emotional Speech.
"""

import re

from affect_llm.datasets.acted_speech import ActedSpeech, Recording

LETTERS = {
    "W": "anger",
    "L": "boredom",
    "E": "disgust",
    "A": "fear",
    "F": "happiness",
    "T": "sadness",
    "N": "neutral",
}
"""First letters of the German words: Wut, Langeweile, Ekel, Angst, Freude, Trauer, neutral."""

read_emodb = ActedSpeech(
    title="Emo-DB",
    corpus="emodb",
    labels="emodb7",
    name=re.compile(r"(\d\d)[ab]\d\d([WLEAFTN])[a-z]?"),
    decode=lambda match: Recording(LETTERS[match[2]], int(match[1])),
    first_held_out=11,
    example="wav/03a01Fa.wav",
)
