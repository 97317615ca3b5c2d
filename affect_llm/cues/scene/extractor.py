"""Scene cues: the two descriptions that fit a window's frames best."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.extractor import Extraction
from affect_llm.cues.measurement import measured, nothing
from affect_llm.cues.scene.clip_model import WEIGHTS, ClipModel, Descriptions, descriptions
from affect_llm.errors import AffectError
from affect_llm.store.cache import locate, require
from affect_llm.types import Clip, MediaSource, Modality, TimeSpan

RATE_HZ = 0.5
"""A scene changes seldom: one frame every two seconds is looked at."""
TOP = 2
"""Scenes reported per window: the second one shows how sure the first is."""
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
            return nothing(Modality.VISUAL, ("scene",), "the clip has no picture")
        if self._model is None:
            if locate(WEIGHTS) is None or find_spec("open_clip") is None:
                reason = "the scene model is not installed"
                return nothing(Modality.VISUAL, ("scene",), reason, remedy=REMEDY)
            try:
                self._model = ClipModel(require(WEIGHTS), self._wanted)
            except AffectError as error:
                reason = str(error)
                return nothing(Modality.VISUAL, ("scene",), reason, state="failed", remedy=REMEDY)
        means = mean_probabilities(self._model, clip.source, windows)
        pairs = zip(windows, means, strict=True)
        labels, source = self._wanted.labels, self.provenance
        measurements = tuple(
            measured("scene", labels[index], window, min(1.0, float(shares[index])), source)
            for window, shares in pairs
            if shares is not None
            for index in np.argsort(-shares, kind="stable")[:TOP]
        )
        if not measurements:
            return nothing(Modality.VISUAL, ("scene",), "no frame could be looked at")
        return Extraction(measurements)


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
                total = sums[index]
                sums[index] = shares if total is None else total + shares
                counts[index] += 1
    return [None if s is None else s / n for s, n in zip(sums, counts, strict=True)]
