"""FER2013: small grey pictures of faces from the web in seven classes.

Layouts: `train/<label>/…` and `test/<label>/…` (`validation/<label>/…` if there is one), as the
corpus is passed on in folders; or class folders alone, `<label>/<number>.jpg`, with the number of
the original file name. The labels are angry, disgust, fear, happy, sad, surprise, neutral. Packed
forms of the corpus become such folders through `fer2013_packed`.
Record: `Sample(id="18768", annotations={"emotion": "happy"}, split="test", group="18768",
paths={"image": "…/happy/18768.png"})`.

Folders that name a split keep it, but for one thing: this project's face heads learn from seven
tenths of the corpus' PublicTest, so pictures in `test` called `PublicTest_<number>` are left out
unless `split_of` says test. Class folders alone are split by number with `split_of`: 70 % train,
10 % validation, 20 % test. The corpus says nothing of who is shown, so a person may be on both
sides, as in the published splits.

Source: Goodfellow et al. 2013, arXiv 1307.0414; the folders as on Kaggle (msambare/fer2013).
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from affect_llm.datasets.reader import Skips, check_split, existing, skip
from affect_llm.errors import DataError
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

SPLITS = ("train", "validation", "test")
SUFFIXES = frozenset({".jpg", ".jpeg", ".png"})
_PUBLIC = re.compile(r"PublicTest_(\d+)")


@dataclass(frozen=True, slots=True)
class _Picture:
    """`name` is unique in the corpus; `split` is None for one that no part holds."""

    name: str
    label: str
    path: Path
    split: str | None


def split_of(image_id: int) -> str:
    """The side of a picture, by SHA-256 of its number alone, so that adding pictures moves none."""
    digest = hashlib.sha256(f"fer2013:{image_id}".encode()).digest()
    share = int.from_bytes(digest[:8]) / 2**64
    if share < 0.7:  # the shares that the module's description states
        return "train"
    return "validation" if share < 0.8 else "test"


def read_fer2013(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Pictures class by class in the order of `fer7`.

    The corpus holds some pictures twice. One whose very bytes are also in an earlier part (train
    before validation before test) is skipped and counted, so that nothing held out was seen.

    Raises:
        DataError: an unknown split, or there are no such folders.
    """
    check_split("FER2013", split, SPLITS)
    pictures = list(_pictures(existing("FER2013", root), split, skips))
    earlier = SPLITS[: SPLITS.index(split)]
    seen = {_digest(picture.path) for picture in pictures if picture.split in earlier}
    for picture in pictures:
        if picture.split != split:
            continue
        if _digest(picture.path) in seen:
            skip(skips, "a copy of a picture in an earlier part")
            continue
        paths = {"image": str(picture.path)}
        yield Sample(picture.name, {"emotion": picture.label}, split, picture.name, paths=paths)


def _pictures(root: Path, split: str, skips: Skips | None) -> Iterator[_Picture]:
    parts = [part for part in SPLITS if (root / part).is_dir()]
    if not parts:
        for label, path in _in_class_folders(root, skips):
            if path.stem.isdecimal():
                yield _Picture(path.stem, label, path, split_of(int(path.stem)))
            else:
                skip(skips, "a name that is not a numbered picture")
        return
    if split not in parts:
        raise DataError(
            f"FER2013 is not laid out as documented: {root} holds {', '.join(parts)} and no "
            f"{split}."
        )
    for part in parts:
        for label, path in _in_class_folders(root / part, skips if part == split else None):
            public = _PUBLIC.fullmatch(path.stem)
            known = public is not None and part == "test" and split_of(int(public[1])) != "test"
            if known and split == "test":
                skip(skips, "a picture of PublicTest that the face heads may know")
            yield _Picture(f"{part}/{label}/{path.stem}", label, path, None if known else part)


def _in_class_folders(root: Path, skips: Skips | None) -> Iterator[tuple[str, Path]]:
    folders = {path.name.lower(): path for path in sorted(root.iterdir()) if path.is_dir()}
    if not set(SETS["fer7"]) & set(folders):
        raise DataError(
            f"FER2013 is not laid out as documented: {root} holds none of the folders "
            f"{', '.join(SETS['fer7'])}."
        )
    for label in SETS["fer7"]:
        if label not in folders:
            skip(skips, f"no folder '{label}'")
            continue
        for path in sorted(folders[label].iterdir()):
            if path.suffix.lower() in SUFFIXES:
                yield label, path
            else:
                skip(skips, "a file that is not a picture")


def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()
