"""Logistic regression on TF-IDF of words: what a text baseline of an afternoon reaches."""

from collections.abc import Sequence

from affect_llm.errors import MissingExtra


def tfidf_labels(
    texts: Sequence[str], labels: Sequence[str], unlabelled: Sequence[str], *, punctuation: bool
) -> list[str]:
    """A label for each of the texts `unlabelled`, learned from `texts` and their `labels`.

    Args:
        texts: of the training part.
        labels: one per training text.
        unlabelled: texts to label.
        punctuation: count punctuation marks as words, too; else words as scikit-learn cuts them.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
    except ImportError as error:
        raise MissingExtra("the TF-IDF baseline", "train") from error
    pattern = r"\w+|[^\w\s]" if punctuation else r"(?u)\b\w\w+\b"
    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2, token_pattern=pattern)
    # C is weaker than scikit-learn's default regularisation, for sparse and short texts.
    model = make_pipeline(words, LogisticRegression(max_iter=1000, C=4.0))
    model.fit(texts, labels)
    return [str(label) for label in model.predict(unlabelled)]
