"""The comparison of two answers for one clip."""

from collections.abc import Mapping
from math import log2, sqrt
from typing import Literal

from affect_llm.comparison.contradictions import Contradiction, contradictions
from affect_llm.errors import ConfigError
from affect_llm.types import EmotionResult, Modality, Model


class VerdictPair(Model):
    """The label that each answer gives a modality by itself; None where it gives none."""

    modality: Modality
    first: str | None
    second: str | None

    @property
    def same(self) -> bool:
        """Whether the two are one label."""
        return self.first == self.second


class Citations(Model):
    """Cue ids by who cites them, in the sheet's order."""

    both: tuple[str, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


class AnswerComparison(Model):
    """`affect-llm/comparison@1`: two answers for one clip, and their differences.

    Args:
        names: what the two are called, as asked for.
        first: the whole answer of the first.
        second: the whole answer of the second, from the same cues.
        same_label: None where one of them has no label.
        confidence_gap: first minus second; None where one of them has no confidence.
        distance: Jensen-Shannon distance of the distributions, 0 to 1; None without both.
        verdicts: the labels of each modality that either speaks of.
        citations: cues that their explanations cite.
        contradictions: sentences that cannot both be true, supported or not.
    """

    schema_version: Literal["affect-llm/comparison@1"] = "affect-llm/comparison@1"
    names: tuple[str, str]
    first: EmotionResult
    second: EmotionResult
    same_label: bool | None
    confidence_gap: float | None
    distance: float | None
    verdicts: tuple[VerdictPair, ...]
    citations: Citations
    contradictions: tuple[Contradiction, ...]


def compare_answers(
    names: tuple[str, str], first: EmotionResult, second: EmotionResult
) -> AnswerComparison:
    """What two answers for one clip have in common and where they differ.

    Raises:
        ConfigError: they are for different clips, cues or labels.
    """
    if first.clip_id != second.clip_id or first.label_set != second.label_set:
        raise ConfigError("Only answers for the same clip with the same labels can be compared.")
    if first.sheet.cues != second.sheet.cues:
        raise ConfigError("The two answers rest on different cues and cannot be compared.")
    labels = [r.labels[0] if r.labels else None for r in (first, second)]
    one, other = first.modality_verdicts, second.modality_verdicts
    gap = distance = None
    if first.confidence is not None and second.confidence is not None:
        gap = first.confidence - second.confidence
    if first.distribution and second.distribution:
        distance = jensen_shannon(first.distribution, second.distribution)
    return AnswerComparison(
        names=names,
        first=first,
        second=second,
        same_label=None if None in labels else labels[0] == labels[1],
        confidence_gap=gap,
        distance=distance,
        verdicts=tuple(
            VerdictPair(modality=m, first=one.get(m), second=other.get(m))
            for m in Modality
            if m in one or m in other
        ),
        citations=_citations(first, second),
        contradictions=contradictions(first.explanation, second.explanation, first.sheet),
    )


def _citations(first: EmotionResult, second: EmotionResult) -> Citations:
    one, other = ({i for s in r.explanation for i in s.cue_ids} for r in (first, second))
    order = [cue.id for cue in first.sheet.cues]
    return Citations(
        both=tuple(i for i in order if i in one & other),
        only_first=tuple(i for i in order if i in one - other),
        only_second=tuple(i for i in order if i in other - one),
    )


def jensen_shannon(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Jensen-Shannon distance, 0 (equal) to 1 (nothing in common), a metric.

    The square root of the divergence to base 2 (Lin 1991, IEEE Transactions on Information
    Theory 37:145-151, eq. 4.1; a metric by Endres and Schindelin 2003, theorem 1).

    Args:
        first: label → probability; sums to 1.
        second: likewise; a label that one of them lacks has probability 0 there.
    """
    labels = {*first, *second}
    middle = {k: (first.get(k, 0.0) + second.get(k, 0.0)) / 2 for k in labels}
    # The Kullback-Leibler divergence of each from the middle, in bits.
    one, other = (
        sum(p * log2(p / middle[label]) for label, p in distribution.items() if p > 0)
        for distribution in (first, second)
    )
    # Rounding may leave the divergence a hair below 0 or above 1.
    return min(1.0, sqrt(max(0.0, (one + other) / 2)))
