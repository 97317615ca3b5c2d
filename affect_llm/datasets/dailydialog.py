"""DailyDialog: English dialogues with an emotion per turn.

Layouts: as annotated by RECCON, `dailydialog_train.json`, `dailydialog_valid.json`,
`dailydialog_test.json`: dialogue id → list with one list of turns {"turn", "speaker",
"utterance", "emotion", …}. Or as first released, for a split: `<split>/dialogues_<split>.txt`,
one dialogue a line with `__eou__` after each turn, and `<split>/dialogues_emotion_<split>.txt`,
the turns' emotions as numbers (0 none, 1 anger, 2 disgust, 3 fear, 4 happiness, 5 sadness,
6 surprise); the folder of "valid" is called `validation`.
Record: `Sample(id="tr_4466-1", text="Hey , you wanna see a movie tomorrow ?",
annotations={"emotion": "happiness", "speaker": "A"}, split="train", group="tr_4466")`.

The splits are the official ones, by dialogue. Twelve training turns of RECCON carry a word that
is not in the label set; four of the five words are other forms of a label and are read as it
(happy, sad, surprised, angry). "excited" is none of them, and its turns are skipped.

Source: Poria et al. 2021, arXiv 2012.11820; Li et al. 2017, arXiv 1710.03957.
"""

import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from affect_llm.datasets.reader import Skips, check_split, existing, read_lines, skip
from affect_llm.errors import DataError
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

SPLITS = ("train", "valid", "test")
STRAYS = {"happy": "happiness", "sad": "sadness", "surprised": "surprise", "angry": "anger"}
NUMBERS = ("neutral", "anger", "disgust", "fear", "happiness", "sadness", "surprise")
_FOLDER = {"train": "train", "valid": "validation", "test": "test"}


def read_dailydialog(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Turns in the order of the file; the group is the dialogue.

    Raises:
        DataError: an unknown split, a missing file, or a file that is not laid out as above.
    """
    check_split("DailyDialog", split, SPLITS)
    path = root / f"dailydialog_{split}.json"
    folder = root / _FOLDER[split]
    if not path.exists() and folder.is_dir():
        yield from _first_release(folder, split)
        return
    for sample in _reccon(existing("DailyDialog", path), split):
        if sample.annotations["emotion"] in SETS["dailydialog7"]:
            yield sample
        else:
            skip(skips, f"label '{sample.annotations['emotion']}'")


def _reccon(path: Path, split: str) -> list[Sample]:
    try:
        dialogues = json.loads(path.read_text(encoding="utf-8"))
        return [
            Sample(
                id=f"{dialogue}-{turn['turn']}",
                annotations={"emotion": STRAYS.get(emotion, emotion), "speaker": turn["speaker"]},
                split=split,
                group=dialogue,
                text=str(turn["utterance"]),
            )
            for dialogue, parts in dialogues.items()
            for turn in parts[0]
            for emotion in [str(turn["emotion"]).strip().lower()]
        ]
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, RecursionError) as error:
        raise DataError(f"{path} is not laid out as RECCON's files are: {error!r}.") from error


def _first_release(folder: Path, split: str) -> Iterator[Sample]:
    words = folder / f"dialogues_{folder.name}.txt"
    numbers = folder / f"dialogues_emotion_{folder.name}.txt"
    dialogues = [line[0] for line in read_lines("DailyDialog", words)]
    ratings = [line[0].split() for line in read_lines("DailyDialog", numbers)]
    if len(dialogues) != len(ratings):
        raise DataError(
            f"{words} has {len(dialogues)} dialogues, and {numbers} has {len(ratings)}."
        )
    for line, (dialogue, marks) in enumerate(zip(dialogues, ratings, strict=True), start=1):
        turns = [turn.strip() for turn in dialogue.split("__eou__") if turn.strip()]
        if len(turns) != len(marks) or not set(marks) <= set("0123456"):
            raise DataError(
                f"{numbers}, line {line}: {len(marks)} emotions for {len(turns)} turns, "
                "each to be a number from 0 to 6."
            )
        group = f"{split}-{line}"
        for n, (turn, mark, who) in enumerate(zip(turns, marks, cycle("AB")), start=1):
            annotations: dict[str, object] = {"emotion": NUMBERS[int(mark)], "speaker": who}
            yield Sample(f"{group}-{n}", annotations, split, group, text=turn)
