"""Scene cues: what the surroundings look like."""

from affect_llm.cues.family import CueFamily
from affect_llm.cues.kinds import TEXT, CueKind, LineGroup
from affect_llm.cues.words import CueWords
from affect_llm.registry import Registry
from affect_llm.types import Modality

SCENE: CueFamily = CueFamily(
    name="scene",
    modality=Modality.VISUAL,
    letter="S",
    kinds=(
        CueKind(
            "scene",
            Modality.VISUAL,
            "scene",
            "the scene",
            TEXT,
            None,
            labelled=True,
            # The extractor reports two descriptions of a window.
            group=LineGroup("scene", 2),
        ),
    ),
    extractors=Registry(
        "scene extractors", {"open-clip": "affect_llm.cues.scene.extractor:SceneCues"}
    ),
    default=lambda _: "open-clip",
    make=lambda name, _: SCENE.extractors.get(name)(),
    words=CueWords(
        questions={
            "scene": (
                "scene",
                "setting",
                "surroundings",
                "background",
                "location",
                "(?:in)?what (?:place|room)",
            )
        }
    ),
)
"""The family of scenes; its extractors are called without arguments."""
