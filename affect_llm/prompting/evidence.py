"""What the cues' own scores say of each label, before any model reads them."""

import math
from collections.abc import Collection, Sequence

from affect_llm.cues.catalogue import kind_of
from affect_llm.labels.canonical import canonical
from affect_llm.types import CueSheet, Modality

_FLOOR = 0.01
"""Least probability a score counts as; also that of a label that no score speaks of."""


def log_scores(
    sheet: CueSheet, labels: Sequence[str], hidden: Collection[Modality] = ()
) -> dict[str, float]:
    """The sum, for each label, of the logs of its mean score in each family that has scores.

    Args:
        sheet: all cues; only scores of emotions count, averaged over spans and people.
        labels: of the set; each takes the score of its canonical emotion.
        hidden: modalities whose scores do not count.
    """
    by_family: dict[str, dict[str, list[float]]] = {}
    for cue in sheet.cues:
        kind = kind_of(cue.name)
        if kind.score and cue.modality not in hidden and isinstance(cue.value, float):
            by_family.setdefault(kind.family, {}).setdefault(kind.score, []).append(cue.value)
    means = [{e: sum(v) / len(v) for e, v in scores.items()} for scores in by_family.values()]
    return {
        label: sum(math.log(max(m.get(canonical(label) or "", 0.0), _FLOOR)) for m in means)
        for label in labels
    }
