"""How near two clues are: the same, alike, or nothing to do with one another."""

from affect_llm.evaluation.judges.clues import Clue, Way

# Both halves are our judgement; how far the scores tell clips apart with them is in docs/judges.md.
ALIKE = 0.5
"""The credit for a clue of the same group, or for one whose direction is not said."""
OTHER_DEGREE = 0.5
"""The factor on the credit where one text says faint and the other strong."""
GROUPS: tuple[tuple[str, dict[str, int]], ...] = (
    ("raised brows", {"AU01": 1, "AU02": 1}),
    ("smile", {"AU06": 1, "AU12": 1, "face.happiness": 1}),
    ("mouth turned down", {"AU15": 1, "AU17": 1}),
    ("lips held tight", {"AU23": 1, "AU24": 1}),
    ("open mouth", {"AU25": 1, "AU26": 1}),
    ("upper face of anger", {"AU04": 1, "AU07": 1, "face.anger": 1}),
    ("nose and upper lip", {"AU09": 1, "AU10": 1, "face.disgust": 1}),
    ("pitch", {"pitch.mean": 1, "pitch.range": 1}),
    ("loud and lively", {"loudness": 1, "loudness.range": 1, "voice.arousal": 1}),
    ("pace", {"speech.rate": 1, "pause.share": -1}),
    ("roughness", {"jitter": 1, "shimmer": 1, "hnr": -1}),
    ("turned away", {"gaze.averted": 1, "head.yaw": 1, "head.pitch": 1, "head.roll": 1}),
)
"""Kinds that look or sound alike, with the sign that brings them into one direction."""


def affinity(one: Clue, other: Clue) -> float:
    """How near two clues are: 1 for the same, `ALIKE` for one of its group, 0 for any other."""
    if one.quote or other.quote:
        # Dice's coefficient of two quotes' words; 0 where only one is a quote.
        words, others = set(one.quote), set(other.quote)
        return 2 * len(words & others) / (len(words) + len(others))
    near = max(_kinds(a, b) for a in one.options for b in other.options)
    return near * (OTHER_DEGREE if one.degree * other.degree < 0 else 1.0)


def _kinds(one: tuple[str, Way], other: tuple[str, Way]) -> float:
    (kind, way), (kind2, way2) = one, other
    if kind == kind2:
        if way == way2:
            return 1.0
        return ALIKE if way is None or way2 is None else 0.0
    for _, signs in GROUPS:
        if kind in signs and kind2 in signs and way is not None and way2 is not None:
            return ALIKE if way * signs[kind] == way2 * signs[kind2] else 0.0
    return 0.0
