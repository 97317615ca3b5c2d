"""MELD: utterances of a TV series with emotion and sentiment.

Layout: `train_sent_emo.csv`, `dev_sent_emo.csv`, `test_sent_emo.csv` in one folder.
Record: `Sample(id="dev-0-3", text="My duties?", annotations={"emotion": "surprise",
"sentiment": "positive"}, split="dev", group="dev-0", …)` plus the "speaker".

The splits are the official ones, by dialogue. In this project `dev` is the TEST part: nothing
is trained on it and nothing is chosen by it. Selection uses a part of `train`.

EmoryNLP has no reader here, on purpose: it annotates the same TV series, with many of the same
scenes, so training on it would leak MELD's held-out dialogues.

Source: Poria et al. 2019, arXiv 1810.02508.
"""

from collections.abc import Iterator
from pathlib import Path

from affect_llm.datasets.reading import Skips, check_split, known_label, read_table, skip
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

SPLITS = ("train", "dev", "test")
_COLUMNS = ("Utterance", "Speaker", "Emotion", "Sentiment", "Dialogue_ID", "Utterance_ID")


def read_meld(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Utterances in the order of the table; the group is the dialogue.

    Raises:
        DataError: an unknown split, a missing file or column, or an unknown label.
    """
    check_split("MELD", split, SPLITS)
    path = root / f"{split}_sent_emo.csv"
    for line, row in read_table("MELD", path, _COLUMNS):
        if not row["Utterance"].strip():
            skip(skips, "no words")
            continue
        dialogue = f"{split}-{row['Dialogue_ID']}"
        yield Sample(
            id=f"{dialogue}-{row['Utterance_ID']}",
            annotations={
                "emotion": known_label(path, line, row["Emotion"], SETS["meld7"]),
                "sentiment": known_label(path, line, row["Sentiment"], SETS["sentiment3"]),
                "speaker": row["Speaker"],
            },
            split=split,
            group=dialogue,
            text=row["Utterance"],
        )
