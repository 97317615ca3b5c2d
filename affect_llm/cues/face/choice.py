"""Which face extractor is used when nobody says."""

from importlib.util import find_spec

from affect_llm.cues.face.landmarked import WEIGHTS
from affect_llm.cues.face.survey import REMEDY
from affect_llm.store.cache import locate
from affect_llm.types import Absence, Modality


def choose_face() -> str | Absence:
    """The best name that can work here: "mediapipe", else "light", else why neither can.

    MediaPipe needs its package and its weight in the store; the light extractor needs dlib.
    Both need torch, for the network.
    """
    if find_spec("torch") is None:
        return _none("torch is not installed", "pip install 'affect_llm[face]'")
    if find_spec("mediapipe") is not None and locate(WEIGHTS) is not None:
        return "mediapipe"
    if find_spec("dlib") is not None:
        return "light"
    return _none("neither dlib nor MediaPipe with its weight is there", REMEDY)


def _none(reason: str, remedy: str) -> Absence:
    return Absence(
        modality=Modality.VISUAL, family="face", state="absent", reason=reason, remedy=remedy
    )
