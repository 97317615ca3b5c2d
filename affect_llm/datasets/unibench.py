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
from dataclasses import dataclass
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
    """One set.

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


def read_unibench(
    one: UniBenchSet, root: Path, split: str, skips: Skips | None
) -> Iterator[Sample]:
    """Clips in the order of the archive.

    Raises:
        DataError: an unknown split, a missing file or array, or a value that is no label.
    """
    check_split(one.title, split, one.splits)
    archive = existing(one.title, root / one.labels_file)
    words = transcripts(one.title, root / one.words[0], one.words[1])
    for name, value in _corpus(one, archive, split).items():
        place = f"{archive}, clip {name}"
        gold = _gold(one, archive, name, value)
        if gold is None:
            skip(skips, "no gold value")
            continue
        yield Sample(
            id=name,
            annotations=gold,
            split=split,
            group=one.group_of(name),
            text=words.get(name),
            paths=media_in(root, one.media, name, place),
        )


def _corpus(one: UniBenchSet, archive: Path, split: str) -> dict[str, object]:
    arrays = read_plain_npz(archive)
    whole = arrays.get("whole_corpus")
    found = whole if whole is not None else arrays.get(f"{split}_corpus")
    if not isinstance(found, dict):
        raise DataError(
            f"{archive} holds no dictionary '{split}_corpus'; it has "
            f"{', '.join(sorted(arrays)) or 'nothing'}."
        )
    corpus = {str(name): value for name, value in found.items()}
    if whole is None:
        return corpus
    return {n: v for n, v in corpus.items() if (n[4:5] == "5") == (split == "test")}


def _gold(one: UniBenchSet, archive: Path, name: str, value: object) -> dict[str, object] | None:
    """The annotation of a clip; None for an empty one."""
    key = "emo" if one.labels else "val"
    said = value.get(key) if isinstance(value, dict) else value
    if said is None or said == "" or (isinstance(said, float) and np.isnan(said)):
        return None
    if one.labels is None:
        if not isinstance(said, (int, float)) or not one.low <= said <= one.high:
            raise DataError(
                f"{archive}, clip {name}: the sentiment {said!r} is not between {one.low:g} and "
                f"{one.high:g}."
            )
        return {"sentiment": float(said)}
    if isinstance(said, int) and 0 <= said < len(one.numbered):
        said = one.numbered[said]
    label = str(said).strip().lower()
    if label not in SETS[one.labels]:
        raise DataError(
            f"{archive}, clip {name}: '{said}' is not one of the labels "
            f"{', '.join(SETS[one.labels])}."
        )
    return {"emotion": label}


def _without_last(name: str) -> str:
    return name.rpartition("_")[0] or name


def _speaker(name: str) -> str:
    return name[:5] + name.rpartition("_")[2][:1]


_PARTS = ("train", "val", "test")
_MER = ("train", "test1", "test2", "test3")
_SETS = {
    "mer2023": UniBenchSet("MER2023", "label-6way.npz", _MER, "mer6"),
    "mer2024": UniBenchSet(
        "MER2024", "label-6way.npz", _MER, "mer6", words=("transcription_merge.csv", "chinese")
    ),
    "meld": UniBenchSet(
        "MELD in MER-UniBench", "label.npz", _PARTS, "meld7",
        numbered=("anger", "joy", "sadness", "neutral", "disgust", "fear", "surprise"),
        media=("subvideo", "subaudio"), group_of=_without_last,
    ),
    "iemocap": UniBenchSet(
        "IEMOCAP in MER-UniBench", "label_4way.npz", ("train", "test"), "iemocap4anger",
        numbered=("happy", "sad", "neutral", "anger"),
        media=("subvideo-tgt", "subaudio"), group_of=_speaker,
    ),
    "mosi": UniBenchSet(
        "CMU-MOSI", "label.npz", _PARTS, None, media=("subvideo", "subaudio"),
        group_of=_without_last,
    ),
    "mosei": UniBenchSet(
        "CMU-MOSEI", "label.npz", _PARTS, None, media=("subvideo_new", "subaudio"),
        group_of=_without_last,
    ),
    "ch-sims": UniBenchSet(
        "CH-SIMS", "label.npz", _PARTS, None, low=-1.0, high=1.0, group_of=_without_last
    ),
    "ch-sims-v2": UniBenchSet(
        "CH-SIMS v2", "label.npz", _PARTS, None, low=-1.0, high=1.0,
        media=("video_new", "audio"), group_of=_without_last,
    ),
}  # fmt: skip


def read_mer2023(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """MER2023: Chinese clips in six emotions. Errors as in `read_unibench`."""
    return read_unibench(_SETS["mer2023"], root, split, skips)


def read_mer2024(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """MER2024: Chinese clips in six emotions. Errors as in `read_unibench`."""
    return read_unibench(_SETS["mer2024"], root, split, skips)


def read_meld_unibench(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """MELD as MER-UniBench has it. Errors as in `read_unibench`."""
    return read_unibench(_SETS["meld"], root, split, skips)


def read_iemocap_unibench(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """IEMOCAP, four ways, as MER-UniBench has it. Errors as in `read_unibench`."""
    return read_unibench(_SETS["iemocap"], root, split, skips)


def sentiment_set(name: str) -> UniBenchSet:
    """One of mosi, mosei, ch-sims and ch-sims-v2."""
    return _SETS[name]
