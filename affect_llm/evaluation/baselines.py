"""Trivial answers that every score is read against."""

from collections.abc import Sequence
from statistics import fmean

import numpy as np

from affect_llm.errors import MissingExtra
from affect_llm.evaluation.prediction import Prediction
from affect_llm.evaluation.scores import SEED
from affect_llm.evaluation.suite import Suite
from affect_llm.evaluation.tasks.closed_set import gold_labels
from affect_llm.evaluation.tasks.task_scores import Constant, TaskScores, task_scores
from affect_llm.labels.sets import label_set
from affect_llm.types import Sample, Score

SHUFFLES = 10
_LEARNED = frozenset({"majority", "training_mean"})


def baselines(
    suite: Suite,
    task: TaskScores,
    samples: Sequence[Sample],
    predictions: Sequence[Prediction],
    training: Sequence[Sample],
) -> list[Score]:
    """The suite's metric of each of its baselines, on the same items.

    "chance" is the expected value of a uniform guess. "shuffled" deals the product's own answers
    out at random: what its habits alone are worth. "majority" and "training_mean" learn from the
    training part; where that is not there they are those of the measured part, and their name
    says so. "tfidf" is logistic regression on TF-IDF of words and word pairs as scikit-learn
    cuts them, and "tfidf_punctuation" counts punctuation marks as words, too; both need the
    training part.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """
    constants = task.constants(training or samples, suite)
    found = []
    for name in suite.baselines:
        if name == "chance":
            chance = 1 / len(label_set(suite.labels))
            found.append(Score(name=name, value=chance, n=len(predictions)))
        elif name == "shuffled":
            found.append(_shuffled(suite, task, predictions))
        elif name in constants:
            said = name if training or name not in _LEARNED else f"{name}_of_this_part"
            answers: list[Constant] = [constants[name]] * len(predictions)
            found.append(_scored(said, suite, task, predictions, answers))
        elif training:
            labels = _tfidf(suite, training, samples, punctuation=name == "tfidf_punctuation")
            found.append(_scored(name, suite, task, predictions, [{"label": x} for x in labels]))
    return found


def _scored(
    name: str,
    suite: Suite,
    task: TaskScores,
    predictions: Sequence[Prediction],
    answers: Sequence[Constant],
) -> Score:
    given = [_answering(p, a) for p, a in zip(predictions, answers, strict=True)]
    (score,) = task_scores(task, [suite.metric], given)
    return score.model_copy(update={"name": name})


def _answering(prediction: Prediction, fields: Constant) -> Prediction:
    """The same item with another answer."""
    about = {"id", "group", "gold", "truth"}
    return Prediction(**prediction.model_dump(include=about), state="answered", **fields)


def _shuffled(suite: Suite, task: TaskScores, predictions: Sequence[Prediction]) -> Score:
    """The mean over `SHUFFLES` ways of dealing the answers out."""
    rng = np.random.default_rng(SEED)
    values = []
    for _ in range(SHUFFLES):
        order = rng.permutation(len(predictions))
        dealt = [
            predictions[k].model_copy(update={"group": p.group, "gold": p.gold, "truth": p.truth})
            for p, k in zip(predictions, order.tolist(), strict=True)
        ]
        (score,) = task_scores(task, [suite.metric], dealt, interval=False)
        values.append(score.value)
    defined = [value for value in values if value is not None]
    mean = fmean(defined) if len(defined) == SHUFFLES else None
    return Score(name="shuffled", value=mean, n=len(predictions))


def _tfidf(
    suite: Suite, training: Sequence[Sample], test: Sequence[Sample], *, punctuation: bool
) -> list[str]:
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
    except ImportError as error:
        raise MissingExtra("the TF-IDF baseline", "train") from error
    pattern = r"\w+|[^\w\s]" if punctuation else r"(?u)\b\w\w+\b"
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2, token_pattern=pattern)
    model = make_pipeline(words, LogisticRegression(max_iter=1000, C=4.0))
    model.fit([sample.text for sample in training], gold_labels(training, suite))
    return [str(label) for label in model.predict([sample.text for sample in test])]
