"""A model's label probabilities become ones that come true as often as they say.

Temperature scaling (Guo et al. 2017, arXiv 1706.04599, section 4.2), one temperature per
situation, because a model that is overconfident about a voice may not be about a text. Where a
named label set has held-out data of its own, each label has an offset too (vector scaling, same
section): how common an emotion is differs from one kind of material to the next. Where face or
voice have scores of their own, these are pooled with the model's probabilities (logarithmic
opinion pool, Genest and Zidek 1986, Statistical Science 1:114-135), with a weight fitted likewise.
"""

import math
from collections.abc import Collection, Sequence

from pydantic import Field

from affect_llm.cues.catalogue import kind_of
from affect_llm.labels.canonical import canonical
from affect_llm.labels.sets import SETS
from affect_llm.types import CueSheet, Modality, Model

ANY = "*"
_FLOOR = 0.01
"""Least probability a score counts as; also that of a label that no score speaks of."""


class Calibration(Model):
    """What was fitted on held-out data for each situation: temperatures, offsets and a weight.

    Args:
        temperatures: by a key of `situations`; "*" serves every other one.
        offsets: label → what is added to its scaled log probability, by the same keys.
        pooling: weight of the cues' own log scores, by the same keys.
        fitted_on: the held-out data.
    """

    temperatures: dict[str, float]
    offsets: dict[str, dict[str, float]] = Field(default_factory=dict)
    pooling: dict[str, float] = Field(default_factory=dict)
    fitted_on: str

    def apply(
        self,
        logprobs: dict[str, float],
        keys: tuple[str, ...],
        evidence: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Probabilities that sum to 1, by the first of `keys` that something was fitted for.

        Args:
            logprobs: natural-log probability of each label.
            keys: from `situations`, the most particular first.
            evidence: the cues' own log score of each label, from `log_scores`.
        """
        key = next((k for k in (*keys, ANY) if k in self.temperatures), ANY)
        temperature, offsets = self.temperatures.get(key, 1.0), self.offsets.get(key, {})
        weight, scores = self.pooling.get(key, 0.0), evidence or {}
        scaled = {k: v / temperature + offsets.get(k, 0.0) for k, v in logprobs.items()}
        return softmax({k: v + weight * scores.get(k, 0.0) for k, v in scaled.items()})


def situation(modalities: frozenset[str]) -> str:
    """The key for the modalities that have cues: "audio+text"."""
    return "+".join(sorted(modalities)) or "none"


def situations(modalities: frozenset[str], labels: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of a situation from the particular to the general: ("meld7:text", "text")."""
    key = situation(modalities)
    return (*(f"{name}:{key}" for name, known in SETS.items() if known == labels), key)


def softmax(logits: dict[str, float]) -> dict[str, float]:
    """The normalised exponentials of the values, safe for large ones."""
    top = max(logits.values())
    weights = {label: math.exp(value - top) for label, value in logits.items()}
    total = sum(weights.values())
    return {label: weight / total for label, weight in weights.items()}


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
