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


def affect_norm(label: str) -> tuple[float, float] | None:
    """(valence, arousal) of a label's canonical emotion; None when it has none."""
    name = canonical(label)
    return None if name is None else NORMS[name]
