"""FER2013 in one file: made into folders that `fer2013.read_fer2013` reads.

Layouts: `fer2013.csv` as first released, with the columns emotion (0 to 6 in the order of `fer7`),
pixels (2304 numbers from 0 to 255) and Usage (Training, PublicTest, PrivateTest), which become
train, validation and test; or a NumPy file with `images` uint8 (N, 48, 48), `labels` (N,) into
`label_names`, and `ids` (N,), the numbers of the original file names, whose pictures become class
folders alone.

Source: Goodfellow et al. 2013, arXiv 1307.0414; the table as in its Kaggle challenge.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from affect_llm.datasets.reader import existing, known_label, read_table
from affect_llm.errors import DataError, MissingExtra
from affect_llm.labels.sets import SETS

USAGE = {"Training": "train", "PublicTest": "validation", "PrivateTest": "test"}
SIDE = 48


@dataclass(frozen=True, slots=True)
class FacePicture:
    """`image` (48, 48) uint8 grey with its label and its number in the corpus.

    Args:
        part: the split that its file names; "" where it names none.
    """

    id: int
    label: str
    image: NDArray[np.uint8]
    part: str = ""


def unpacked_fer2013(place: Path, scratch: Path) -> Path:
    """The folders of the corpus at `place`: itself, or below `scratch` if it is packed there.

    Args:
        place: a folder of pictures, a packed file, or a folder with one packed file.
        scratch: pictures are written below, each packed file's in a folder of its own; those
            already there are left alone.

    Raises:
        DataError: nothing is at `place`, or the packed file is not as described above.
        MissingExtra: Pillow is not installed.
    """
    packed = packed_fer2013(existing("FER2013", place))
    if packed is None:
        return place
    about = f"{packed.resolve()} {packed.stat().st_size}"
    folder = scratch / f"fer2013-{sha256(about.encode()).hexdigest()[:8]}"
    csv = packed.suffix == ".csv"
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingExtra("writing pictures", "face") from error
    for picture in _read_csv(packed) if csv else read_fer2013_arrays(packed):
        path = folder / picture.part / picture.label / f"{picture.id}.png"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(picture.image).save(path)
    return folder


def packed_fer2013(place: Path) -> Path | None:
    """The packed file that `place` is or holds; None for a folder of pictures."""
    if not place.is_dir():
        return place if place.is_file() else None
    return next(chain(place.glob("fer2013.csv"), place.glob("fer2013*.npz")), None)


def read_fer2013_arrays(archive: Path) -> Iterator[FacePicture]:
    """Every picture of a NumPy file, in its order.

    Raises:
        DataError: no such file, or its arrays are not those of the module's description.
    """
    try:
        with np.load(existing("FER2013", archive), allow_pickle=False) as arrays:
            missing = {"images", "labels", "label_names", "ids"} - set(arrays.files)
            if missing:
                raise DataError(f"{archive} holds no array {', '.join(sorted(missing))}.")
            images, labels, ids = arrays["images"], arrays["labels"], arrays["ids"]
            names = [str(name) for name in arrays["label_names"]]
    except (ValueError, OSError, EOFError, BadZipFile) as error:
        raise DataError(f"{archive} cannot be read as plain arrays: {error}.") from error
    if (
        images.shape != (len(ids), SIDE, SIDE)
        or images.dtype != np.uint8
        or len(labels) != len(ids)
    ):
        raise DataError(
            f"{archive}: images have shape {images.shape} and type {images.dtype} for "
            f"{len(ids)} ids and {len(labels)} labels; (N, 48, 48) uint8 was expected."
        )
    if len(labels) and int(labels.max()) >= len(names):
        raise DataError(f"{archive}: a label is {labels.max()}, and there are {len(names)} names.")
    for number, index, image in zip(ids, labels, images, strict=True):
        label = known_label(archive, int(number), names[int(index)], SETS["fer7"])
        yield FacePicture(int(number), label, image)


def _read_csv(table: Path) -> Iterator[FacePicture]:
    """Every picture of the table, numbered by its row from 1."""
    rows = read_table("FER2013", table, ("emotion", "pixels", "Usage"))
    for number, (line, row) in enumerate(rows, start=1):
        values = row["pixels"].split()
        ok = len(values) == SIDE * SIDE and all(v.isdecimal() and int(v) < 256 for v in values)
        known = row["emotion"].isdecimal() and int(row["emotion"]) < len(SETS["fer7"])
        if not ok or not known or row["Usage"] not in USAGE:
            raise DataError(
                f"{table}, line {line}: expected an emotion from 0 to 6, 2304 pixels from 0 to "
                f"255 and a Usage out of {', '.join(USAGE)}."
            )
        image = np.array(values, dtype=np.uint8).reshape(SIDE, SIDE)
        label = SETS["fer7"][int(row["emotion"])]
        yield FacePicture(number, label, image, USAGE[row["Usage"]])
