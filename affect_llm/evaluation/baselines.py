"""Trivial answers that every score is read against."""

from collections.abc import Sequence

from affect_llm.errors import DataError, MissingExtra
from affect_llm.evaluation.scoring import label_score
from affect_llm.evaluation.suite import BaselineName, Suite
from affect_llm.labels.sets import label_set
from affect_llm.metrics.majority import majority_label
from affect_llm.types import Sample, Score


def baseline(
    name: BaselineName, suite: Suite, training: Sequence[Sample], test: Sequence[Sample]
) -> Score:
    """The suite's metric of a trivial answer on the same items.

    "majority" always gives the commonest training label; "chance" is the expected value of a
    uniform guess; "tfidf" is logistic regression on TF-IDF of words and word pairs as
    scikit-learn cuts them, and "tfidf_punctuation" counts punctuation marks as words, too.

    Raises:
        MissingExtra: scikit-learn is not installed.
        DataError: the training part is empty.
    """
    labels = label_set(suite.labels)
    if name == "chance":
        return Score(name=name, value=1 / len(labels), n=len(test))
    gold = [str(sample.annotations[suite.annotation]) for sample in training]
    if name == "majority":
        answers = _majority(suite, gold, len(test))
    else:
        answers = _tfidf(training, gold, test, punctuation=name == "tfidf_punctuation")
    score = label_score(
        suite.metric,
        [str(sample.annotations[suite.annotation]) for sample in test],
        answers,
        [sample.group for sample in test],
        labels,
    )
    return score.model_copy(update={"name": name})


def _majority(suite: Suite, gold: Sequence[str], count: int) -> list[str]:
    label = majority_label(gold)
    if label is None:
        raise DataError(f"{suite.name}: the part '{suite.training_split}' is empty.")
    return [label] * count


def _tfidf(
    training: Sequence[Sample], gold: Sequence[str], test: Sequence[Sample], *, punctuation: bool
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
    model.fit([sample.text for sample in training], gold)
    return [str(label) for label in model.predict([sample.text for sample in test])]
