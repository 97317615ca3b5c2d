"""EmotionTalk: Chinese acted dialogue with an emotion and a valence per utterance.

Layout: `emotiontalk.csv` with the columns emotion, chinese, utt, valence.
Record: `Sample(id="G00009_42_14_024", text="还给他点饭。", annotations={"emotion": "neutral",
"valence": 0.0, "language": "zh"}, split="train", group="G00009_42")`.

The table has no split: a tenth of the conversations is held out (`reader.split_by_group` on
the first two parts of the utterance's name, the pair of speakers and the conversation), so a
speaker may be on both sides. Marks of the transcribers ("[over/]", "[interrupted]") are not
words and are taken out; valence runs from -2 to 2.

Source: Sun et al. 2025, arXiv 2505.23018.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from affect_llm.datasets.reader import (
    HELD_OUT_SPLITS,
    Skips,
    check_split,
    known_label,
    number,
    read_table,
    skip,
    split_by_group,
)
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

_MARK = re.compile(r"\[+/?[A-Za-z]*/?\]?|\]")


def read_emotiontalk(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Utterances in the order of the table; the group is the conversation.

    Raises:
        DataError: an unknown split, a missing file or column, an unknown label or valence.
    """
    check_split("EmotionTalk", split, HELD_OUT_SPLITS)
    path = root / "emotiontalk.csv"
    for line, row in read_table("EmotionTalk", path, ("emotion", "chinese", "utt", "valence")):
        group = "_".join(row["utt"].split("_")[:2])
        if split_by_group(group) != split:
            continue
        text = _MARK.sub("", row["chinese"]).strip()
        if not text:
            skip(skips, "no words")
            continue
        annotations: dict[str, object] = {
            "emotion": known_label(path, line, row["emotion"], SETS["emotiontalk7"]),
            "valence": number(path, line, "valence", row["valence"], -2, 2),
            "language": "zh",
        }
        yield Sample(row["utt"], annotations, split, group, text=text)
