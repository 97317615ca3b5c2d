"""What two answers have in common and where they differ, in words for terminal and page."""

from affect_llm.comparison import AnswerComparison
from affect_llm.report.words import confidence_words, verdict_of
from affect_llm.types import EmotionResult

MOST_LABELS = 6
Row = tuple[str, str, str]
"""What is compared, and what each of the two has."""


def rows_of(compared: AnswerComparison) -> list[Row]:
    """Verdict, confidence, affect and each modality, side by side."""
    both = (compared.first, compared.second)
    rows = [
        _row("answer", *(verdict_of(r).headline for r in both)),
        _row("confidence", *(confidence_words(r) for r in both)),
        _row("valence, arousal", *(_affect(r) for r in both)),
        _row("other words", *(", ".join(r.open_labels) or "–" for r in both)),
    ]
    rows += [_row(f"{v.modality} alone", v.first or "–", v.second or "–")
             for v in compared.verdicts]  # fmt: skip
    held = [f"{r.support.supported} of {len(r.explanation)}" for r in both]
    return [*rows, _row("sentences that hold", *held)]


def probabilities(compared: AnswerComparison) -> list[tuple[str, float, float]]:
    """Label, first, second: the labels that either finds most probable, most probable first."""
    one, two = compared.first.distribution, compared.second.distribution
    if not one or not two:
        return []
    ranked = sorted(one, key=lambda label: -max(one[label], two[label]))
    return [(label, one[label], two[label]) for label in ranked[:MOST_LABELS]]


def differences(compared: AnswerComparison) -> list[str]:
    """The differences as sentences, the gravest first."""
    told = [_label_words(compared)]
    if compared.confidence_gap is not None:
        told.append(f"Their confidence differs by {abs(compared.confidence_gap):.2f}.")
    if compared.distance is not None:
        told.append(
            f"Their distributions lie {compared.distance:.2f} apart "
            "(Jensen-Shannon distance, from 0 to 1)."
        )
    apart = [str(v.modality) for v in compared.verdicts if not v.same]
    if compared.verdicts:
        told.append(f"They differ on: {', '.join(apart) or 'no modality'}.")
    return [*told, *_citation_words(compared)]


def _label_words(compared: AnswerComparison) -> str:
    if compared.same_label is None:
        return "At least one of them has no label to compare."
    return "Both say the same label." if compared.same_label else "They say different labels."


def _citation_words(compared: AnswerComparison) -> list[str]:
    first, second = compared.names
    cited = compared.citations
    parts = (("Both cite", cited.both), (f"Only {first} cites", cited.only_first),
             (f"Only {second} cites", cited.only_second))  # fmt: skip
    return [f"{who}: {', '.join(ids)}." for who, ids in parts if ids]


def _row(name: str, first: str, second: str) -> Row:
    return name, first, second


def _affect(result: EmotionResult) -> str:
    if result.valence is None or result.arousal is None:
        return "–"
    return f"{result.valence:+.2f}, {result.arousal:+.2f}"
