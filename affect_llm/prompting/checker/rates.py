"""How much of an explanation holds, and what of it may be shown as fact."""

from collections import Counter
from collections.abc import Sequence
from typing import get_args

from affect_llm.types import Sentence, Support, SupportCounts


def counts(sentences: Sequence[Sentence]) -> SupportCounts:
    """How many sentences are supported, contradicted and unsupported."""
    number = Counter(sentence.support for sentence in sentences)
    return SupportCounts(**{support: number[support] for support in get_args(Support)})


def shown(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Only the sentences that hold, in order."""
    return tuple(s for s in sentences if s.support == "supported")
