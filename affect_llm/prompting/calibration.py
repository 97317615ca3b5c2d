"""A model's label probabilities become ones that come true as often as they say.

Temperature scaling (Guo et al. 2017, arXiv 1706.04599, section 4.2), one temperature per
situation, because a model that is overconfident about a voice may not be about a text. Where a
named label set has held-out data of its own, each label has an offset too (vector scaling, same
section): how common an emotion is differs from one kind of material to the next. Where face or
voice have scores of their own, these are pooled with the model's probabilities (logarithmic
opinion pool, Genest and Zidek 1986, Statistical Science 1:114-135), with a weight fitted likewise.
"""

import math

from pydantic import Field

from affect_llm.labels.sets import SETS
from affect_llm.types import Model

ANY = "*"


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
            evidence: the cues' own log score of each label, from `evidence.log_scores`.
        """
        key = next((k for k in (*keys, ANY) if k in self.temperatures), ANY)
        temperature, offsets = self.temperatures.get(key, 1.0), self.offsets.get(key, {})
        weight, scores = self.pooling.get(key, 0.0), evidence or {}
        return softmax(
            {
                label: value / temperature
                + offsets.get(label, 0.0)
                + weight * scores.get(label, 0.0)
                for label, value in logprobs.items()
            }
        )


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
