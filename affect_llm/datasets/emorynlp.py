"""EmoryNLP: utterances of a TV series in seven emotions.

Layout: `emorynlp_train_final.csv`, `emorynlp_dev_final.csv`, `emorynlp_test_final.csv` in one
folder.
Record: `Sample(id="dev-1-15-1-2", text="Thank you.", annotations={"emotion": "neutral",
"speaker": "Joey Tribbiani"}, split="dev", group="season 1, episode 15, scene 1")`.

The splits are the official ones, by scene.

It annotates the TV series that MELD does, in other labels. Whoever was trained on one has read
scenes of the other: a score here of a model trained on MELD is no score on unseen text.

Source: Zahiri and Choi 2018, arXiv 1708.04299; the tables as MELD's repository carries them.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from affect_llm.datasets.reader import Skips, check_split, known_label, read_table, skip
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

SPLITS = ("train", "dev", "test")
_COLUMNS = ("Utterance", "Speaker", "Emotion", "Scene_ID", "Utterance_ID", "Season", "Episode")


def read_emorynlp(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Utterances in the order of the table; the group is the scene.

    Raises:
        DataError: an unknown split, a missing file or column, or an unknown label.
    """
    check_split("EmoryNLP", split, SPLITS)
    path = root / f"emorynlp_{split}_final.csv"
    for line, row in read_table("EmoryNLP", path, _COLUMNS):
        if not row["Utterance"].strip():
            skip(skips, "no words")
            continue
        place = [row[name] for name in ("Season", "Episode", "Scene_ID")]
        yield Sample(
            id="-".join((split, *place, row["Utterance_ID"])),
            annotations={
                "emotion": known_label(path, line, row["Emotion"], SETS["emorynlp7"]),
                "speaker": _speakers(row["Speaker"]),
            },
            split=split,
            group="season {}, episode {}, scene {}".format(*place),
            text=row["Utterance"],
        )


def _speakers(printed: str) -> str:
    """The names in a printed list, or the text itself where it is none."""
    try:
        names = ast.literal_eval(printed)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return printed
    return ", ".join(map(str, names)) if isinstance(names, list) else printed
