"""Sentiment weighted F1 as MER-UniBench computes it from real-valued gold (MOSI, MOSEI, SIMS).

Clips with gold 0 are left out. The others are positive (gold > 0) or negative. A prediction
counts as positive if it is above 0 and as negative otherwise, so that neutral, mixed and unreadable
answers all count as negative; `unread` says how many of them there were.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from affect_llm.errors import DataError
from affect_llm.metrics.accuracy import accuracy
from affect_llm.metrics.confusion import confusion_matrix
from affect_llm.metrics.f1 import weighted_f1
from affect_llm.metrics.label_rows import refuse_missing

_VALUES = {"positive": 1, "negative": -1, "neutral": 0}
_LABELS = ("negative", "positive")


@dataclass(frozen=True, slots=True)
class SentimentScore:
    """Scores over the n clips whose gold is not 0.

    Args:
        weighted_f1, accuracy: 0 to 1; None when every gold value is 0, where the published code
            stops with an error.
        unread: scored clips whose reply was none of the three words, counted as negative.
        neutral: scored clips whose reply was "neutral", counted as negative.
        skipped: clips not scored, by reason.
    """

    weighted_f1: float | None
    accuracy: float | None
    n: int
    unread: int
    neutral: int
    skipped: dict[str, int]


def sentiment_value(reply: object) -> int:
    """The sign of a reply: 1 for exactly "positive", -1 for "negative", 0 for anything else.

    The published rule: "Positive" and "positive." are not recognised.
    """
    return _VALUES.get(reply, 0) if isinstance(reply, str) else 0


def sentiment_weighted_f1(
    gold: Mapping[str, float], replies: Mapping[str, object]
) -> SentimentScore:
    """Weighted F1 of positive against the rest.

    Args:
        gold: clip -> sentiment, negative or positive, on any scale centred on 0.
        replies: clip -> the judge's one-word reply, or a number whose sign counts.

    Raises:
        DataError: no gold clip, a gold value that is no finite number, or a clip without a reply.
    """
    refuse_missing(gold, replies)
    for name, value in gold.items():
        if not isinstance(value, (int, float)) or not np.isfinite(value):
            raise DataError(
                f"The gold sentiment of {name} is {value!r}; it must be a number, negative or "
                "positive. Remove the clip or correct its row."
            )
    scored = [name for name, value in gold.items() if value != 0]
    skipped = {"gold is 0": len(gold) - len(scored)} if len(scored) < len(gold) else {}
    answers = [replies.get(name) for name in scored]
    counts = confusion_matrix(
        [_LABELS[gold[name] > 0] for name in scored],
        [_LABELS[_sign(reply) > 0] for reply in answers],
        _LABELS,
    )
    neutral = sum(
        reply == "neutral" or (isinstance(reply, (int, float)) and reply == 0) for reply in answers
    )
    unread = sum(_sign(reply) == 0 for reply in answers) - neutral
    return SentimentScore(
        weighted_f1(counts), accuracy(counts), len(scored), unread, neutral, skipped
    )


def _sign(reply: object) -> float:
    """The sign of a reply or a number; 0 for one that cannot be read."""
    if isinstance(reply, (int, float)) and np.isfinite(reply):
        return float(reply)
    return sentiment_value(reply)
