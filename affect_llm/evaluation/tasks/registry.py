"""Task → how it is scored."""

from collections.abc import Callable
from pathlib import Path

from affect_llm.evaluation.suite import Suite
from affect_llm.evaluation.tasks.closed_set import closed_set_scores
from affect_llm.evaluation.tasks.dimensional import dimensional_scores
from affect_llm.evaluation.tasks.multi_label import multi_label_scores
from affect_llm.evaluation.tasks.sentiment import sentiment_scores
from affect_llm.evaluation.tasks.task_scores import TaskScores

_SIMPLE: dict[str, Callable[[Suite], TaskScores]] = {
    "closed-set": closed_set_scores,
    "multi-label": multi_label_scores,
    "dimensional": dimensional_scores,
    "sentiment": sentiment_scores,
}


def scores_of(suite: Suite, vocabulary: Path | None = None) -> TaskScores:
    """How `suite` is scored.

    Args:
        suite: what is measured.
        vocabulary: folder of the official emotion wheels, for open labels; without it the
            project's own vocabulary scores them.

    Raises:
        AffectError: the vocabulary is not there.
    """
    if suite.task in _SIMPLE:
        return _SIMPLE[suite.task](suite)
    if suite.task == "emer":
        from affect_llm.evaluation.tasks.emer import emer_scores

        return emer_scores(suite)
    from affect_llm.evaluation.tasks.open_set import open_set_scores

    return open_set_scores(suite, vocabulary)
