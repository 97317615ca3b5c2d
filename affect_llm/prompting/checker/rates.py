"""How much of an explanation holds, and what of it may be shown as fact."""

from collections import Counter
from collections.abc import Sequence

from affect_llm.types import Sentence, SupportCounts


def counts(sentences: Sequence[Sentence]) -> SupportCounts:
    """How many sentences are supported, contradicted and unsupported."""
    found = Counter(sentence.support for sentence in sentences)
    return SupportCounts(
        supported=found["supported"],
        contradicted=found["contradicted"],
        unsupported=found["unsupported"],
    )


def failing_rate(sentences: Sequence[Sentence]) -> float | None:
    """Share of sentences that are contradicted or unsupported; None without sentences."""
    if not sentences:
        return None
    return sum(s.support != "supported" for s in sentences) / len(sentences)


def shown(sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Only the sentences that hold, in order."""
    return tuple(s for s in sentences if s.support == "supported")
