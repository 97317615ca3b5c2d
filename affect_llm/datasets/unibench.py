"""The sets of MER-UniBench that have a closed label or a sentiment, as its authors lay them out.

Layout of a set: labels in `label-6way.npz` (MER2023, MER2024), `label_4way.npz` (IEMOCAP) or
`label.npz` (the others), with an array such as `test_corpus` that holds a dictionary clip →
{"emo": …, "val": …}; words in `transcription-engchi-polish.csv` (name, english) or, for MER2024,
`transcription_merge.csv` (name, chinese); media in folders such as `video` and `audio`. The
archives hold pickles; they are read without running them (`labels.official.plain_arrays`).
Record: `Sample(id="sample_00000032", text="Well, it is.", annotations={"emotion": "happy"},
split="test1", group="sample_00000032", paths={"video": …})`, or "sentiment" as a number.

The splits are the official ones; of IEMOCAP's array without splits session 5 is the test part.

Source: Lian et al. 2025, arXiv 2501.16566, and the public readers of that project.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from affect_llm.datasets.name_tables import media_in, transcripts
from affect_llm.datasets.reader import Skips, check_split, existing, skip
from affect_llm.errors import DataError
from affect_llm.labels.official.plain_arrays import read_plain_npz
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

_ENGLISH = ("transcription-engchi-polish.csv", "english")
_MEDIA = ("video", "audio")


@dataclass(frozen=True, slots=True)
class UniBenchSet:
    """The reader of one set of MER-UniBench.

    Args:
        title: as people call it.
        labels_file: below the set's folder.
        splits: all it has; each is in the array `<split>_corpus`.
        labels: name of a label set; None where the gold is a sentiment from `low` to `high`.
        numbered: what the labels' numbers mean, where the archive has numbers for names.
        words: file and column of the transcripts.
        media: folders of recordings.
        group_of: clip → its speaker, dialogue or source.
    """

    title: str
    labels_file: str
    splits: tuple[str, ...]
    labels: str | None
    numbered: tuple[str, ...] = ()
    low: float = -3.0
    high: float = 3.0
    words: tuple[str, str] = _ENGLISH
    media: tuple[str, ...] = _MEDIA
    group_of: Callable[[str], str] = str

    def __call__(self, root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
        """Clips in the order of the archive.

        Raises:
            DataError: an unknown split, a missing file or array, or a value that is no label.
        """
        check_split(self.title, split, self.splits)
        archive = existing(self.title, root / self.labels_file)
        words = transcripts(self.title, root / self.words[0], self.words[1])
        for name, value in _corpus(archive, split).items():
            place = f"{archive}, clip {name}"
            gold = self._gold(place, value)
            if gold is None:
                skip(skips, "no gold value")
                continue
            yield Sample(
                id=name,
                annotations=gold,
                split=split,
                group=self.group_of(name),
                text=words.get(name),
                paths=media_in(root, self.media, name, place),
            )

    def _gold(self, place: str, value: object) -> dict[str, object] | None:
        """The annotation of a clip; None for an empty one."""
        gold = value.get("emo" if self.labels else "val") if isinstance(value, dict) else value
        if gold is None or gold == "" or (isinstance(gold, float) and np.isnan(gold)):
            return None
        if self.labels is None:
            if not isinstance(gold, (int, float)) or not self.low <= gold <= self.high:
                raise DataError(
                    f"{place}: the sentiment {gold!r} is not between {self.low:g} and "
                    f"{self.high:g}."
                )
            return {"sentiment": float(gold)}
        if isinstance(gold, int) and 0 <= gold < len(self.numbered):
            gold = self.numbered[gold]
        label, labels = str(gold).strip().lower(), SETS[self.labels]
        if label not in labels:
            raise DataError(f"{place}: '{gold}' is not one of the labels {', '.join(labels)}.")
        return {"emotion": label}


def _corpus(archive: Path, split: str) -> dict[str, object]:
    arrays = read_plain_npz(archive)
    whole = arrays.get("whole_corpus")
    table = whole if whole is not None else arrays.get(f"{split}_corpus")
    if not isinstance(table, dict):
        raise DataError(
            f"{archive} holds no dictionary '{split}_corpus'; it has "
            f"{', '.join(sorted(arrays)) or 'nothing'}."
        )
    corpus = {str(name): value for name, value in table.items()}
    if whole is None:
        return corpus
    return {n: v for n, v in corpus.items() if (n[4:5] == "5") == (split == "test")}


def without_last(name: str) -> str:
    """The clip's name without its last part, which numbers the clips of one source."""
    return name.rpartition("_")[0] or name


PARTS = ("train", "val", "test")

read_mer2023 = UniBenchSet(
    "MER2023", "label-6way.npz", ("train", "test1", "test2", "test3"), "mer6"
)
read_mer2024 = replace(read_mer2023, title="MER2024", words=("transcription_merge.csv", "chinese"))
read_meld_unibench = UniBenchSet(
    "MELD in MER-UniBench",
    "label.npz",
    PARTS,
    "meld7",
    numbered=("anger", "joy", "sadness", "neutral", "disgust", "fear", "surprise"),
    media=("subvideo", "subaudio"),
    group_of=without_last,
)
read_iemocap_unibench = UniBenchSet(
    "IEMOCAP in MER-UniBench",
    "label_4way.npz",
    ("train", "test"),
    "iemocap4anger",
    numbered=("happy", "sad", "neutral", "anger"),
    media=("subvideo-tgt", "subaudio"),
    group_of=lambda name: name[:5] + name.rpartition("_")[2][:1],
)
