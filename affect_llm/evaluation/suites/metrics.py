"""The tasks that a suite can set, with the metrics and trivial answers that it can name."""

from typing import Literal

from affect_llm.evaluation.intervals import Name

SuiteTaskName = Literal[
    "closed-set", "multi-label", "open-set", "hit-rate", "sentiment", "dimensional", "emer"
]
# The inner ring is the level of the own vocabulary that every published average has, too.
_OWN = {"own": ("metrics", "repaired-own-all-inner", "f1")}


def _plain(*names: str) -> dict[str, Name]:
    return {name: ("metrics", name) for name in names}


def _averages(*names: str) -> dict[str, Name]:
    return {name: ("averages", name) for name in names}


METRICS: dict[SuiteTaskName, dict[str, Name]] = {
    "closed-set": _plain("accuracy", "macro_f1", "unweighted_recall", "weighted_f1"),
    "multi-label": _plain(
        "macro_f1", "micro_f1", "weighted_f1", "samples_f1", "jaccard", "exact_match"
    ),
    "open-set": {
        **_averages("unibench"),
        "ov_mer": ("averages", "ov-mer"),
        **_averages("mer2025", "mer2026"),
        **_OWN,
    },
    "hit-rate": {**_averages("hit_rate", "mscore"), **_OWN},
    "sentiment": _plain("weighted_f1", "accuracy"),
    "dimensional": _averages("ccc", "pearson", "mae"),
    "emer": _plain("clue_overlap", "label_overlap"),
}
"""Task → name of a metric in suite files → where its number stands among the scores."""
_OPEN = ("majority", "worried_angry_happy", "seven_basic", "shuffled")
BASELINES: dict[SuiteTaskName, tuple[str, ...]] = {
    "closed-set": ("majority", "chance", "shuffled", "tfidf", "tfidf_punctuation"),
    "multi-label": ("majority", "commonest_label", "all_labels", "shuffled"),
    "open-set": _OPEN,
    "hit-rate": _OPEN,
    "sentiment": ("majority", "all_positive", "all_negative", "shuffled"),
    "dimensional": ("training_mean", "shuffled"),
    "emer": ("one_reference_for_all", "shuffled"),
}
LEARNED = frozenset({"majority", "commonest_label", "training_mean", "one_reference_for_all"})
"""Baselines that a training part teaches; without one they learn from the measured part."""
_TITLES = {
    "worried_angry_happy": "worried, angry, happy",
    "seven_basic": "all seven",
    "training_mean": "gold mean",
    "shuffled": "shuffled predictions",
    "tfidf_punctuation": "tfidf_punctuation",
}


def baseline_title(name: str) -> str:
    """What the scores call the baseline that a suite file names."""
    return _TITLES.get(name, name.replace("_", " "))
