"""Face cues of every labelled picture, for composing the clips that the LLM learns from.

Training pictures are read by networks that have not seen them (cross-fitting), so that the LLM
learns how far such cues can be trusted; validation and test pictures by the shipped weights.
A row: {"id": "fer2013:17", "emotion": "happiness", "split": "train", "extractor": "light",
"measurements": [Measurement, …]}; the list is empty where no face was found.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.frontal import FrontalDetector
from affect_llm.cues.face.landmarked import LandmarkFinder
from affect_llm.cues.face.landmarker import Landmarker
from affect_llm.cues.face.layout import EXPRESSIONS
from affect_llm.cues.face.light import LightFinder
from affect_llm.cues.face.reader import FaceReader
from affect_llm.cues.face.shape_head import ShapeHead
from affect_llm.cues.face.sightings import FaceFinder, Series, Sighting
from affect_llm.cues.face.summary import measure
from affect_llm.labels.canonical import canonical
from affect_llm.types import Measurement, TimeSpan
from workshop.face.kit import LabelledFaces
from workshop.face.split import fold_of, split_of

_STILL = TimeSpan(start_s=0, end_s=0)


@dataclass(frozen=True, slots=True)
class Readers:
    """The extractors' finders by name, for one set of weights."""

    finders: Mapping[str, FaceFinder]


def readers(weights: Path, detector: FrontalDetector, landmarker: Landmarker) -> Readers:
    """Both extractors' finders on the network in the folder `weights`."""
    network = FaceReader(weights)
    return Readers(
        {
            "light": LightFinder(network, detector),
            "mediapipe": LandmarkFinder(landmarker, network, ShapeHead(weights)),
        }
    )


def bank_rows(
    faces: LabelledFaces, photos: Path, shipped: Readers, folds: Sequence[Readers]
) -> Iterator[dict[str, object]]:
    """One row per picture and extractor.

    Args:
        faces: FER2013.
        photos: folder of pictures named by their expression ("happy.jpg"), all split "test".
        shipped: reads validation, test and photos.
        folds: number k was trained without the pictures of fold k, and reads those.
    """
    for image, label, number in zip(faces.images, faces.labels, faces.ids, strict=True):
        split = split_of(int(number))
        chosen = folds[fold_of(int(number), len(folds))] if split == "train" else shipped
        colour = np.repeat(image[..., None], 3, axis=2)
        yield from _rows(f"fer2013:{number}", EXPRESSIONS[label], split, chosen, colour)
    yield from _photo_rows(photos, shipped)


def still_measurements(finder: FaceFinder, image: NDArray[np.uint8]) -> list[Measurement]:
    """What an extractor reports of a (H, W, 3) uint8 still."""
    faces = finder.find(image, thorough=True)
    one = [Sighting(0.0, face) for face in faces]
    all_series = [
        Series(f"P{i + 1}", _STILL, (sighting,), 1, 1.0) for i, sighting in enumerate(one)
    ]
    return [m for s in all_series for m in measure(s, finder.provenance, finder.tells_eyes)]


def _photo_rows(photos: Path, shipped: Readers) -> Iterator[dict[str, object]]:
    from PIL import Image

    for path in sorted(photos.glob("*.jpg")):
        emotion = canonical(path.stem)
        if emotion in EXPRESSIONS:
            image = np.asarray(Image.open(path).convert("RGB"))
            yield from _rows(f"photo:{path.stem}", str(emotion), "test", shipped, image)


def _rows(
    name: str, emotion: str, split: str, chosen: Readers, image: NDArray[np.uint8]
) -> Iterator[dict[str, object]]:
    for extractor, finder in chosen.finders.items():
        found = still_measurements(finder, image)
        yield {
            "id": name,
            "emotion": emotion,
            "split": split,
            "extractor": extractor,
            "measurements": [measurement.model_dump(mode="json") for measurement in found],
        }
