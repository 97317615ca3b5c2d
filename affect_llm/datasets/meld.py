"""MELD: utterances of a TV series with emotion and sentiment.

Layout: `train_sent_emo.csv`, `dev_sent_emo.csv`, `test_sent_emo.csv` in one folder or, as in
`MELD.Raw`, the first in `train`. Clips, where they are unpacked beside their table:
`train_splits`, `dev_splits_complete` and `output_repeated_splits_test`, with files
`dia0_utt3.mp4`.
Record: `Sample(id="dev-0-3", text="My duties?", annotations={"emotion": "surprise",
"sentiment": "positive"}, split="dev", group="dev-0", …)` plus the "speaker", and
`paths={"video": …}` where there is a clip.

The splits are the official ones, by dialogue. In this project `dev` is the TEST part: nothing
is trained on it and nothing is chosen by it. Selection uses a part of `train`.

EmoryNLP annotates the same TV series, with many of the same scenes: training on it would leak
MELD's held-out dialogues (see `emorynlp`).

Source: Poria et al. 2019, arXiv 1810.02508; folders as the corpus' own README names them.
"""

from collections.abc import Iterator
from pathlib import Path

from affect_llm.datasets.reader import (
    Skips,
    check_split,
    known_label,
    media_named,
    read_table,
    skip,
)
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

SPLITS = ("train", "dev", "test")
CLIPS = {
    "train": "train_splits",
    "dev": "dev_splits_complete",
    "test": "output_repeated_splits_test",
}
_COLUMNS = ("Utterance", "Speaker", "Emotion", "Sentiment", "Dialogue_ID", "Utterance_ID")


def read_meld(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Utterances in the order of the table; the group is the dialogue.

    Raises:
        DataError: an unknown split, a missing file or column, or an unknown label.
    """
    check_split("MELD", split, SPLITS)
    path = root / f"{split}_sent_emo.csv"
    if not path.exists() and (root / split / path.name).exists():
        path = root / split / path.name
    for line, row in read_table("MELD", path, _COLUMNS):
        if not row["Utterance"].strip():
            skip(skips, "no words")
            continue
        dialogue = f"{split}-{row['Dialogue_ID']}"
        clip = f"dia{row['Dialogue_ID']}_utt{row['Utterance_ID']}"
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
            paths=media_named(path.parent / CLIPS[split], clip, f"{path}, line {line}"),
        )
