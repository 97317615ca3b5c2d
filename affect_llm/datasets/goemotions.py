"""GoEmotions: English web comments, each with one or more of 27 emotions or neutral.

Layout: `train.tsv`, `dev.tsv`, `test.tsv` (text, comma-joined label numbers, id; no header).
The numbers count from 0 in the order of the label set `goemotions28`.
Record: `Sample(id="edcu99z", text="I've never been this sad in my life!",
annotations={"emotions": ["sadness"]}, split="dev", group="edcu99z")`.

The splits are the official ones, by comment; the corpus does not publish who wrote them.
`read_goemotions_ekman` gives the corpus' own grouping into Ekman's six and neutral.

Source: Demszky et al. 2020, arXiv 2005.00547, section 5 and appendix for the grouping.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from affect_llm.datasets.reader import Skips, check_split, read_lines, skip
from affect_llm.errors import DataError
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

SPLITS = ("train", "dev", "test")
EKMAN = {
    "anger": ("anger", "annoyance", "disapproval"),
    "disgust": ("disgust",),
    "fear": ("fear", "nervousness"),
    "joy": (
        "joy", "amusement", "approval", "excitement", "gratitude", "love", "optimism", "relief",
        "pride", "admiration", "desire", "caring",
    ),
    "sadness": ("sadness", "disappointment", "embarrassment", "grief", "remorse"),
    "surprise": ("surprise", "realization", "confusion", "curiosity"),
    "neutral": ("neutral",),
}  # fmt: skip
_GROUP = {name: group for group, names in EKMAN.items() for name in names}


def read_goemotions(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Comments in the order of the file; each is its own group.

    Raises:
        DataError: an unknown split, a missing file, or a line that is not laid out as above.
    """
    check_split("GoEmotions", split, SPLITS)
    path, names = root / f"{split}.tsv", SETS["goemotions28"]
    for number, fields in enumerate(read_lines("GoEmotions", path), start=1):
        if len(fields) != 3:
            raise DataError(f"{path}, line {number}: expected 3 fields, found {len(fields)}.")
        text, numbers, comment = fields
        if not text.strip():
            skip(skips, "no words")
            continue
        wrong = [n for n in numbers.split(",") if not n.strip().isdecimal() or int(n) >= len(names)]
        if wrong:
            raise DataError(
                f"{path}, line {number}: '{wrong[0]}' is not a label number from 0 to "
                f"{len(names) - 1}."
            )
        emotions = [names[int(part)] for part in numbers.split(",")]
        yield Sample(comment, {"emotions": emotions}, split, comment, text=text)


def read_goemotions_ekman(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Comments as `read_goemotions` gives them, each label as its group, each group once."""
    for sample in read_goemotions(root, split, skips):
        emotions = sample.annotations["emotions"]
        assert isinstance(emotions, list), "the reader above makes lists"
        groups = list(dict.fromkeys(_GROUP[name] for name in emotions))
        yield replace(sample, annotations={"emotions": groups})
