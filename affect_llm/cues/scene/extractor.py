"""Scene cues: the two descriptions that fit a window's frames best."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.extractor import Extraction
from affect_llm.cues.scene.descriptions import Descriptions, descriptions
from affect_llm.errors import AffectError
from affect_llm.store.cache import locate, require
from affect_llm.types import Absence, Clip, Measurement, MediaSource, Modality, TimeSpan

WEIGHTS = "clip-vit-b-32"
RATE_HZ = 0.5
"""A scene changes seldom: one frame every two seconds is looked at."""
TOP = 2
REMEDY = f"pip install 'affect_llm[scene]' and affect-llm models pull {WEIGHTS}"

Probabilities = NDArray[np.float64]


class SceneModel(Protocol):
    """Says how well each description fits a picture."""

    def probabilities(self, image: NDArray[np.uint8]) -> Probabilities:
        """(H, W, 3) uint8 RGB to (labels,) summing to 1."""
        ...


class SceneCues:
    """Two "scene" measurements per window, with their probabilities as confidence.

    Args:
        model: compares pictures with `wanted`; None loads the store's when it is first needed.
        wanted: the scenes.
    """

    name = "scene"
    modality = Modality.VISUAL

    def __init__(self, model: SceneModel | None = None, wanted: Descriptions | None = None) -> None:
        self._model = model
        self._wanted = wanted or descriptions()
        self.provenance = f"scene@{self._wanted.version}#{WEIGHTS}"

    def extract(self, clip: Clip, windows: Sequence[TimeSpan]) -> Extraction:
        """The best descriptions of `clip` per window."""
        if clip.source is None or Modality.VISUAL not in clip.modalities:
            return _nothing("absent", "the clip has no picture", None)
        try:
            model = self._ready()
        except AffectError as error:
            return _nothing("failed", str(error), REMEDY)
        if model is None:
            return _nothing("absent", "the scene model is not installed", REMEDY)
        means = mean_probabilities(model, clip.source, windows)
        found = [m for w, p in zip(windows, means, strict=True) for m in self._best(w, p)]
        if not found:
            return _nothing("absent", "no frame could be looked at", None)
        return Extraction(tuple(found))

    def _ready(self) -> SceneModel | None:
        if self._model is None:
            if locate(WEIGHTS) is None or find_spec("open_clip") is None:
                return None
            from affect_llm.cues.scene.clip_model import ClipModel

            self._model = ClipModel(require(WEIGHTS), self._wanted)
        return self._model

    def _best(self, window: TimeSpan, shares: Probabilities | None) -> list[Measurement]:
        if shares is None:
            return []
        order = np.argsort(-shares, kind="stable")[:TOP]
        return [
            Measurement(
                modality=Modality.VISUAL,
                family="scene",
                name="scene",
                value=self._wanted.labels[index],
                unit="text",
                span=window,
                confidence=min(1.0, float(shares[index])),
                source=self.provenance,
            )
            for index in order
        ]


def mean_probabilities(
    model: SceneModel, source: MediaSource, windows: Sequence[TimeSpan]
) -> list[Probabilities | None]:
    """Mean over each window's frames; None for a window without one. Streams through once."""
    sums: list[Probabilities | None] = [None] * len(windows)
    counts = [0] * len(windows)
    for frame in source.frames(RATE_HZ):
        shares = model.probabilities(frame.image)
        for index, window in enumerate(windows):
            if window.start_s <= frame.time_s <= window.end_s:
                held = sums[index]
                sums[index] = shares if held is None else held + shares
                counts[index] += 1
    return [None if s is None else s / n for s, n in zip(sums, counts, strict=True)]


def _nothing(state: Literal["absent", "failed"], reason: str, remedy: str | None) -> Extraction:
    absence = Absence(
        modality=Modality.VISUAL, family="scene", state=state, reason=reason, remedy=remedy
    )
    return Extraction(absent=(absence,))
