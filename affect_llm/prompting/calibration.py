"""From a model's label probabilities to ones that come true as often as they say.

Temperature scaling (Guo et al. 2017, arXiv 1706.04599, section 4.2), one temperature per
situation, because a model that is overconfident about a voice may not be about a text.
"""

import math

from affect_llm.types import Model

ANY = "*"


class Calibration(Model):
    """Temperatures by situation, a key as made by `situation`; "*" serves every other one."""

    temperatures: dict[str, float]
    fitted_on: str

    def apply(self, logprobs: dict[str, float], key: str) -> dict[str, float]:
        """Probabilities that sum to 1 from natural-log probabilities over the same labels."""
        temperature = self.temperatures.get(key, self.temperatures.get(ANY, 1.0))
        return softmax({label: value / temperature for label, value in logprobs.items()})


def situation(modalities: frozenset[str]) -> str:
    """The key for the modalities that have cues: "audio+text"."""
    return "+".join(sorted(modalities)) or "none"


def softmax(logits: dict[str, float]) -> dict[str, float]:
    """Normalised exponentials, safe for large values."""
    top = max(logits.values())
    weights = {label: math.exp(value - top) for label, value in logits.items()}
    total = sum(weights.values())
    return {label: weight / total for label, weight in weights.items()}
