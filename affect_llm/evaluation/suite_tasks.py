"""The tasks that a suite can set, with the metrics and trivial answers that each has."""

from typing import Literal

Task = Literal[
    "closed-set", "multi-label", "open-set", "hit-rate", "sentiment", "dimensional", "emer"
]
METRICS: dict[Task, tuple[str, ...]] = {
    "closed-set": ("accuracy", "macro_f1", "unweighted_recall", "weighted_f1"),
    "multi-label": ("macro_f1", "micro_f1", "weighted_f1", "samples_f1", "jaccard", "exact_match"),
    "open-set": ("unibench", "ov_mer", "mer2025", "mer2026", "own"),
    "hit-rate": ("hit_rate", "mscore", "own"),
    "sentiment": ("weighted_f1", "accuracy"),
    "dimensional": ("ccc", "pearson", "mae"),
    "emer": ("clue_overlap", "label_overlap"),
}
_OPEN = ("worried_angry_happy", "seven_basic", "shuffled")
BASELINES: dict[Task, tuple[str, ...]] = {
    "closed-set": ("majority", "chance", "shuffled", "tfidf", "tfidf_punctuation"),
    "multi-label": ("majority", "all_labels", "shuffled"),
    "open-set": _OPEN,
    "hit-rate": _OPEN,
    "sentiment": ("all_positive", "all_negative", "shuffled"),
    "dimensional": ("training_mean", "shuffled"),
    "emer": ("shuffled",),
}
