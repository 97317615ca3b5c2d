"""The real extractors on real pictures; skipped without the development data."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from planted import Still, clip_of

from affect_llm.cues.extractor import CueExtractor, Extraction
from affect_llm.cues.face import landmarked
from affect_llm.cues.face.landmarked import MediaPipeFace
from affect_llm.cues.face.light import LightFace
from affect_llm.types import TimeSpan

KIT = Path(__file__).parents[4] / "shared" / "data"
MODEL = KIT / "weights" / "mediapipe_face_landmarker" / "face_landmarker.task"
pytestmark = [
    pytest.mark.kit,
    pytest.mark.skipif(not KIT.is_dir(), reason=f"no development data in {KIT}"),
]
STILL = [TimeSpan(start_s=0, end_s=0)]


@pytest.fixture(scope="module", params=["light", "mediapipe"])
def extractor(request: pytest.FixtureRequest) -> Iterator[CueExtractor]:
    if request.param == "light":
        yield LightFace()
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(landmarked, "locate", lambda name: MODEL)
        found = MediaPipeFace()
    yield found


def picture(path: Path) -> NDArray[np.uint8]:
    return np.asarray(Image.open(path).convert("RGB"))


def look(extractor: CueExtractor, image: NDArray[np.uint8]) -> Extraction:
    return extractor.extract(clip_of(Still(image), 0), STILL)


def people(extraction: Extraction) -> set[str | None]:
    return {m.person for m in extraction.measurements}


@pytest.mark.parametrize(("name", "least"), [("bbt4", 5), ("bbt3", 3)])
def test_group_pictures_hold_several_people(extractor: CueExtractor, name: str, least: int) -> None:
    assert len(people(look(extractor, picture(KIT / "face" / "demo" / f"{name}.jpg")))) >= least


@pytest.mark.parametrize("name", ["happy", "surprised", "angry", "neutral"])
def test_clear_photos_get_their_expression(extractor: CueExtractor, name: str) -> None:
    wanted = {"happy": "happiness", "surprised": "surprise", "angry": "anger"}.get(name, name)
    found = look(extractor, picture(KIT / "face" / "demo" / f"{name}.jpg")).measurements
    values = {m.name: float(m.value) for m in found if m.name.startswith("face.")}
    assert max(values, key=values.__getitem__) == f"face.{wanted}"


def test_a_smile_shows_in_the_cheeks_too(extractor: CueExtractor) -> None:
    found = look(extractor, picture(KIT / "video" / "pyfeat" / "single_face.jpg")).measurements
    units = {m.name: float(m.value) for m in found}
    assert units["AU12"] > 2
    assert units["AU06"] > 1
    assert units["face.happiness"] > 0.7


@pytest.mark.parametrize("side", [48, 96, 300])
def test_black_pictures_are_no_face(extractor: CueExtractor, side: int) -> None:
    found = look(extractor, np.zeros((side, side, 3), np.uint8))
    assert found.measurements == ()
    assert found.absent[0].state == "absent"


def test_a_landscape_is_no_face(extractor: CueExtractor) -> None:
    from sklearn.datasets import load_sample_images

    for image in load_sample_images().images:
        small = np.asarray(Image.fromarray(image).resize((96, 64)))
        assert people(look(extractor, image)) == set()
        assert people(look(extractor, small)) == set()


def test_tight_48_pixel_faces_are_answered(extractor: CueExtractor) -> None:
    with np.load(KIT / "face" / "fer2013_public.npz") as packed:
        images = packed["images"][:30]
    answered = [len(people(look(extractor, np.repeat(i[..., None], 3, 2)))) for i in images]
    assert sum(count >= 1 for count in answered) >= 29
