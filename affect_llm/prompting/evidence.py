"""What the cues' own scores say of each label, before any model reads them."""

import math
from collections.abc import Collection, Sequence

from affect_llm.labels.canonical import canonical
from affect_llm.types import CueSheet, Modality

_FLOOR = 0.01
"""Least probability a score counts as; also that of a label that no score speaks of."""


def log_scores(
    sheet: CueSheet, labels: Sequence[str], hidden: Collection[Modality] = ()
) -> dict[str, float]:
    """Label → sum over face and voice of the log of its mean score; 0 where neither has scores.

    Args:
        sheet: all cues; only those of unit "p" count, averaged over spans and people.
        labels: of the set; each takes the score of its canonical emotion.
        hidden: modalities whose scores do not count.
    """
    found: dict[str, dict[str, list[float]]] = {}
    for cue in sheet.cues:
        if cue.modality in hidden or isinstance(cue.value, str):
            continue
        if cue.unit == "p":
            family, emotion = cue.name.split(".")
            found.setdefault(family, {}).setdefault(emotion, []).append(cue.value)
    means = [{e: sum(v) / len(v) for e, v in scores.items()} for scores in found.values()]
    return {
        label: sum(math.log(max(m.get(canonical(label) or "", 0.0), _FLOOR)) for m in means)
        for label in labels
    }
