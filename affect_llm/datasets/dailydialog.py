"""DailyDialog as annotated by RECCON: English dialogues with an emotion per turn.

Layout: `dailydialog_train.json`, `dailydialog_valid.json`, `dailydialog_test.json`: dialogue id
→ list with one list of turns {"turn", "speaker", "utterance", "emotion", …}.
Record: `Sample(id="tr_4466-1", text="Hey , you wanna see a movie tomorrow ?",
annotations={"emotion": "happiness", "speaker": "A"}, split="train", group="tr_4466")`.

The splits are the official ones, by dialogue. Twelve training turns carry a word that is not in
the label set; four of the five words are other forms of a label and are read as it (happy, sad,
surprised, angry). "excited" is none of them, and its turns are skipped.

Source: Poria et al. 2021, arXiv 2012.11820; Li et al. 2017, arXiv 1710.03957.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from affect_llm.datasets.reading import Skips, check_split, existing, skip
from affect_llm.errors import DataError
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

SPLITS = ("train", "valid", "test")
STRAYS = {"happy": "happiness", "sad": "sadness", "surprised": "surprise", "angry": "anger"}


def read_dailydialog(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Turns in the order of the file; the group is the dialogue.

    Raises:
        DataError: an unknown split, a missing file, or JSON that is not laid out as above.
    """
    check_split("DailyDialog", split, SPLITS)
    path = existing("DailyDialog", root / f"dailydialog_{split}.json")
    try:
        dialogues = json.loads(path.read_text(encoding="utf-8"))
        turns = [(name, turn) for name, parts in dialogues.items() for turn in parts[0]]
        samples = [_sample(name, turn, split) for name, turn in turns]
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise DataError(f"{path} is not laid out as RECCON's files are: {error!r}.") from error
    for sample in samples:
        if sample.annotations["emotion"] in SETS["dailydialog7"]:
            yield sample
        else:
            skip(skips, f"label '{sample.annotations['emotion']}'")


def _sample(dialogue: str, turn: dict[str, Any], split: str) -> Sample:
    emotion = str(turn["emotion"]).strip().lower()
    return Sample(
        id=f"{dialogue}-{turn['turn']}",
        annotations={"emotion": STRAYS.get(emotion, emotion), "speaker": turn["speaker"]},
        split=split,
        group=dialogue,
        text=str(turn["utterance"]),
    )
