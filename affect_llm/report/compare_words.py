"""Two answers side by side in words, the same at the terminal and on the page."""

from affect_llm.comparison import AnswerComparison
from affect_llm.report.words import confidence_words, verdict_of
from affect_llm.types import EmotionResult

MOST_LABELS = 6
"""A label below the sixth has hardly any probability left to differ in."""
Row = tuple[str, str, str]
"""The name of what is compared, and what each of the two answers has."""


def rows_of(compared: AnswerComparison) -> list[Row]:
    """Verdict, confidence, affect and each modality, side by side."""
    both = (compared.first, compared.second)
    rows = [
        ("answer", *(verdict_of(r).headline for r in both)),
        ("confidence", *(confidence_words(r) for r in both)),
        ("valence, arousal", *(_affect(r) for r in both)),
        ("other words", *(", ".join(r.open_labels) or "–" for r in both)),
        *((f"{v.modality} alone", v.first or "–", v.second or "–") for v in compared.verdicts),
        ("sentences that hold", *(f"{r.support.supported} of {len(r.explanation)}" for r in both)),
    ]
    return [(name, first, second) for name, first, second in rows]


def probabilities(compared: AnswerComparison) -> list[tuple[str, float, float]]:
    """Label, first, second: the labels that either finds most probable, most probable first."""
    one, two = compared.first.distribution, compared.second.distribution
    if not one or not two:
        return []
    ranked = sorted(one, key=lambda label: -max(one[label], two[label]))
    return [(label, one[label], two[label]) for label in ranked[:MOST_LABELS]]


def differences(compared: AnswerComparison) -> list[str]:
    """The differences as sentences, the gravest first."""
    sentences = [_label_words(compared)]
    if compared.confidence_gap is not None:
        sentences.append(f"Their confidence differs by {abs(compared.confidence_gap):.2f}.")
    if compared.distance is not None:
        sentences.append(
            f"Their distributions lie {compared.distance:.2f} apart "
            "(Jensen-Shannon distance, from 0 to 1)."
        )
    apart = [str(v.modality) for v in compared.verdicts if not v.same]
    if compared.verdicts:
        sentences.append(f"They differ on: {', '.join(apart) or 'no modality'}.")
    first, second = compared.names
    cited = compared.citations
    citers = (("Both cite", cited.both), (f"Only {first} cites", cited.only_first),
              (f"Only {second} cites", cited.only_second))  # fmt: skip
    return [*sentences, *(f"{who}: {', '.join(ids)}." for who, ids in citers if ids)]


def _label_words(compared: AnswerComparison) -> str:
    if compared.same_label is None:
        return "At least one of them has no label to compare."
    return "Both say the same label." if compared.same_label else "They say different labels."


def _affect(result: EmotionResult) -> str:
    if result.valence is None or result.arousal is None:
        return "–"
    return f"{result.valence:+.2f}, {result.arousal:+.2f}"
