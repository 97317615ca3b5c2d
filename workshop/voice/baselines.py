"""What the head must beat: always the commonest label, and a support-vector machine."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from affect_llm.errors import MissingExtra
from workshop.voice.clips import SpeechClip
from workshop.voice.evaluation import unweighted_recall
from workshop.voice.features import load_features
from workshop.voice.targets import family_of, targets_of


def svm_recall(clips: Sequence[SpeechClip], features: Path) -> float | None:
    """Unweighted recall on RAVDESS's test speakers of an RBF machine on the summaries alone.

    Trained on the training speakers' recordings without copies, with the usual C = 1.

    Raises:
        MissingExtra: scikit-learn is not installed.
    """
    try:
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC
    except ImportError as error:
        raise MissingExtra("the baseline of the voice head", "train") from error
    loaded = load_features(features)
    emotion = targets_of(clips).emotion[loaded.clip]
    own = np.array([family_of(c.corpus) == "ravdess" for c in clips])[loaded.clip]
    test = np.array([c.test for c in clips])[loaded.clip]
    rows = own & (loaded.copy == 0)
    machine = make_pipeline(StandardScaler(), SVC(C=1.0, class_weight="balanced"))
    machine.fit(loaded.summaries[rows & ~test], emotion[rows & ~test])
    guesses = machine.predict(loaded.summaries[rows & test])
    return unweighted_recall(emotion[rows & test], guesses)
