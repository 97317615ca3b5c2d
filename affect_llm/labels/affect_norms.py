"""Where each emotion lies in valence and arousal, both from -1 to 1.

Rounded to a tenth from the circumplex of Russell (1980) and the norms of Russell and Mehrabian
(1977, Journal of Research in Personality 11:273-294).
"""

from affect_llm.labels.canonical import canonical

NORMS: dict[str, tuple[float, float]] = {
    "anger": (-0.5, 0.6),
    "boredom": (-0.6, -0.6),
    "calm": (0.6, -0.5),
    "disgust": (-0.6, 0.4),
    "fear": (-0.6, 0.6),
    "happiness": (0.8, 0.5),
    "neutral": (0.0, 0.0),
    "sadness": (-0.6, -0.3),
    "surprise": (0.4, 0.7),
}

_FINER: dict[str, tuple[float, float]] = {
    "admiration": (0.6, 0.3),
    "amusement": (0.7, 0.4),
    "annoyance": (-0.4, 0.4),
    "anticipation": (0.3, 0.4),
    "approval": (0.5, 0.1),
    "caring": (0.6, 0.1),
    "confusion": (-0.2, 0.2),
    "curiosity": (0.3, 0.4),
    "desire": (0.5, 0.5),
    "disappointment": (-0.5, -0.2),
    "disapproval": (-0.4, 0.2),
    "embarrassment": (-0.4, 0.3),
    "excitement": (0.7, 0.8),
    "gratitude": (0.8, 0.2),
    "grief": (-0.7, -0.1),
    "guilt": (-0.6, 0.2),
    "love": (0.8, 0.4),
    "negative": (-0.5, 0.1),
    "nervousness": (-0.4, 0.6),
    "optimism": (0.6, 0.2),
    "positive": (0.6, 0.2),
    "pride": (0.7, 0.4),
    "realization": (0.1, 0.2),
    "relief": (0.6, -0.3),
    "remorse": (-0.5, 0.1),
    "shame": (-0.6, 0.1),
    "trust": (0.6, -0.1),
}
"""The places of labels of finer sets: our own placing among the norms, not a measurement."""


def affect_norm(label: str) -> tuple[float, float] | None:
    """(valence, arousal) of a label, else of its canonical emotion; None when it has neither."""
    if label in _FINER:
        return _FINER[label]
    name = canonical(label)
    return None if name is None else NORMS[name]
