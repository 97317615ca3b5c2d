"""Face extractors by name."""

from collections.abc import Callable

from affect_llm.cues.extractor import CueExtractor
from affect_llm.registry import Registry

FACE: Registry[Callable[[float], CueExtractor]] = Registry(
    "face extractors",
    {
        "fake": "affect_llm.cues.face.fake:FakeFace",
        "light": "affect_llm.cues.face.light:LightFace",
        "mediapipe": "affect_llm.cues.face.landmarked:MediaPipeFace",
    },
)
"""Each entry makes an extractor when called with the frames to look at per second."""
