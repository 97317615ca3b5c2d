"""The labelled faces of the kit as arrays."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.layout import EXPRESSIONS
from affect_llm.datasets.fer2013_packed import read_fer2013_arrays
from affect_llm.labels.canonical import canonical
from workshop.face.split import split_of

FER2013 = "face/fer2013_public.npz"


@dataclass(frozen=True, slots=True)
class LabelledFaces:
    """`images` (N, 48, 48) uint8, `labels` (N,) into `EXPRESSIONS`, `ids` (N,)."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    ids: NDArray[np.int64]

    def where(self, keep: NDArray[np.bool_]) -> "LabelledFaces":
        """The faces of the rows that `keep` (N,) marks."""
        return LabelledFaces(self.images[keep], self.labels[keep], self.ids[keep])

    def within(self, split: str) -> NDArray[np.bool_]:
        """Mark (N,) the rows that belong to a split of `workshop.face.split`."""
        return np.array([split_of(int(number)) == split for number in self.ids])


def read_faces(data: Path) -> LabelledFaces:
    """FER2013's PublicTest faces below the kit folder `data`.

    Raises:
        DataError: the file is missing or not laid out as `datasets.fer2013` describes.
    """
    pictures = list(read_fer2013_arrays(data / FER2013))
    labels = [EXPRESSIONS.index(str(canonical(picture.label))) for picture in pictures]
    return LabelledFaces(
        np.stack([picture.image for picture in pictures]),
        np.array(labels),
        np.array([picture.id for picture in pictures]),
    )
