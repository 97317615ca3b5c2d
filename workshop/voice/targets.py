"""What the head is taught: emotion classes, and arousal and valence derived from them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.kinds import EMOTIONS
from workshop.voice.clips import SpeechClip

AFFECT: dict[str, tuple[float, float]] = {
    "anger": (0.59, -0.51),
    "boredom": (-0.62, -0.65),
    "calm": (-0.46, 0.68),
    "disgust": (0.35, -0.60),
    "fear": (0.60, -0.64),
    "happiness": (0.51, 0.81),
    "neutral": (0.0, 0.0),
    "sadness": (-0.27, -0.63),
    "surprise": (0.67, 0.40),
}
"""(arousal, valence) of the words angry, bored, relaxed, disgusted, fearful, happy, sad and
surprised in J. A. Russell, A. Mehrabian (1977), "Evidence for a three-factor theory of
emotions", Journal of Research in Personality 11, 273-294; neutral is set to the origin.
"""
STRONG, NORMAL = 1.2, 0.8
"""Factors for RAVDESS's two acted intensities; their mean is 1."""


@dataclass(frozen=True, slots=True)
class VoiceTargets:
    """Targets of N stretches of speech.

    Args:
        emotion: (N,) index into `EMOTIONS`, -1 where the label is not among them (boredom).
        allowed: (N, 8) the emotions that the clip's corpus has at all.
        affect: (N, 2) arousal and valence in [-1, 1].
        weight: (N,) of the emotion's loss; the emotions of a corpus weigh the same in all.
    """

    emotion: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    affect: NDArray[np.float32]
    weight: NDArray[np.float32]


def targets_of(clips: Sequence[SpeechClip], other_corpora: float = 0.5) -> VoiceTargets:
    """Targets of each of `clips`; clips outside RAVDESS weigh `other_corpora` times as much."""
    emotion = np.array([_index(c.emotion) for c in clips])
    corpus = np.array([family_of(c.corpus) for c in clips])
    allowed = np.zeros((len(clips), len(EMOTIONS)), dtype=np.bool_)
    weight = np.zeros(len(clips), dtype=np.float32)
    for name in np.unique(corpus):
        rows = corpus == name
        counts = np.bincount(emotion[rows & (emotion >= 0)], minlength=len(EMOTIONS))
        allowed[rows] = counts > 0
        share = counts.sum() / max(1, (counts > 0).sum()) / np.maximum(counts, 1)
        factor = 1.0 if name == "ravdess" else other_corpora
        weight[rows] = factor * np.where(emotion[rows] >= 0, share[emotion[rows]], 0.0)
    affect = np.array([_affect(c) for c in clips], dtype=np.float32)
    return VoiceTargets(emotion, allowed, affect, weight)


def family_of(corpus: str) -> str:
    """The corpus without its part ("emodb_full" is "emodb")."""
    return corpus.split("_")[0]


def _index(emotion: str) -> int:
    return EMOTIONS.index(emotion) if emotion in EMOTIONS else -1


def _affect(clip: SpeechClip) -> tuple[float, float]:
    factor = 1.0
    if family_of(clip.corpus) == "ravdess" and clip.emotion != "neutral":
        factor = STRONG if clip.strong else NORMAL
    arousal, valence = AFFECT[clip.emotion]
    return max(-1.0, min(1.0, factor * arousal)), max(-1.0, min(1.0, factor * valence))
