"""FER2013: small grey pictures of faces from the web in seven classes.

Layouts: folders of pictures, `<angry|disgust|fear|happy|sad|surprise|neutral>/<number>.jpg`; or
one NumPy file with `images` uint8 (N, 48, 48), `labels` (N,) into `label_names`, and `ids` (N,),
whose pictures `unpack_fer2013` writes as such folders.
Record: `Sample(id="18768", annotations={"emotion": "happy"}, split="test", group="18768",
paths={"image": "…/happy/18768.png"})`.

Split by the picture's number (`split_of`), 70 % train, 10 % validation, 20 % test: the corpus
says nothing of who is shown, so a person may be on both sides, as in the published splits.

Source: Goodfellow et al. 2013, arXiv 1307.0414.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from affect_llm.datasets.reading import Skips, check_split, existing, known_label, skip
from affect_llm.errors import DataError, MissingExtra
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

SPLITS = ("train", "validation", "test")
SUFFIXES = frozenset({".jpg", ".png"})


@dataclass(frozen=True, slots=True)
class FacePicture:
    """`image` (48, 48) uint8 grey with its label and its number in the corpus."""

    id: int
    label: str
    image: NDArray[np.uint8]


def split_of(image_id: int) -> str:
    """The side of a picture, by SHA-256 of its number alone, so that adding pictures moves none."""
    digest = hashlib.sha256(f"fer2013:{image_id}".encode()).digest()
    share = int.from_bytes(digest[:8]) / 2**64
    if share < 0.7:
        return "train"
    return "validation" if share < 0.8 else "test"


def read_fer2013(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Pictures in class folders, class by class in the order of `fer7`.

    The corpus holds some pictures twice. One whose very bytes are also in an earlier part (train
    before validation before test) is skipped and counted, so that nothing held out was seen.

    Raises:
        DataError: an unknown split, or a class folder is missing.
    """
    check_split("FER2013", split, SPLITS)
    pictures = [(label, path) for label in SETS["fer7"] for path in _pictures(root, label, skips)]
    earlier = SPLITS[: SPLITS.index(split)]
    seen = {_digest(path) for _, path in pictures if split_of(int(path.stem)) in earlier}
    for label, path in pictures:
        if split_of(int(path.stem)) != split:
            continue
        if _digest(path) in seen:
            skip(skips, "a copy of a picture in an earlier part")
            continue
        yield Sample(path.stem, {"emotion": label}, split, path.stem, paths={"image": str(path)})


def _pictures(root: Path, label: str, skips: Skips | None) -> Iterator[Path]:
    for path in sorted(existing("FER2013", root / label).iterdir()):
        if path.suffix in SUFFIXES and path.stem.isdecimal():
            yield path
        else:
            skip(skips, "a name that is not a numbered picture")


def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def read_fer2013_arrays(archive: Path) -> Iterator[FacePicture]:
    """Every picture of a NumPy file, in its order.

    Raises:
        DataError: no such file, or its arrays are not those of the module's description.
    """
    with np.load(existing("FER2013", archive), allow_pickle=False) as arrays:
        missing = {"images", "labels", "label_names", "ids"} - set(arrays.files)
        if missing:
            raise DataError(f"{archive} holds no array {', '.join(sorted(missing))}.")
        images, labels, ids = arrays["images"], arrays["labels"], arrays["ids"]
        names = [str(name) for name in arrays["label_names"]]
    if images.shape != (len(ids), 48, 48) or images.dtype != np.uint8 or len(labels) != len(ids):
        raise DataError(
            f"{archive}: images have shape {images.shape} and type {images.dtype} for "
            f"{len(ids)} ids and {len(labels)} labels; (N, 48, 48) uint8 was expected."
        )
    for number, index, image in zip(ids, labels, images, strict=True):
        label = known_label(archive, int(number), names[int(index)], SETS["fer7"])
        yield FacePicture(int(number), label, image)


def write_png(picture: FacePicture, folder: Path) -> Path:
    """Write `picture` to its class folder below `folder`, unless it is there already.

    Raises:
        MissingExtra: Pillow is not installed.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingExtra("writing pictures", "face") from error
    path = folder / picture.label / f"{picture.id}.png"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture.image).save(path)
    return path


def unpack_fer2013(archive: Path, folder: Path) -> None:
    """Write every picture of a NumPy file into class folders that `read_fer2013` reads."""
    for picture in read_fer2013_arrays(archive):
        write_png(picture, folder)
