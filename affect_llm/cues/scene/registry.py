"""Scene extractors by name."""

from collections.abc import Callable

from affect_llm.cues.extractor import CueExtractor
from affect_llm.registry import Registry

SCENE: Registry[Callable[[], CueExtractor]] = Registry(
    "scene extractors", {"open-clip": "affect_llm.cues.scene.extractor:SceneCues"}
)
