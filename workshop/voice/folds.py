"""Grouped folds over the training speakers: each speaker is left out exactly once."""

from collections.abc import Sequence

import numpy as np

from workshop.voice.batches import Rows
from workshop.voice.clips import SpeechClip

FOLDS = 4


def speaker_folds(clips: Sequence[SpeechClip]) -> list[Rows]:
    """Clip indices of each fold: training speakers dealt out in order, corpus by corpus.

    RAVDESS numbers women even and men odd; dealing them out in pairs keeps folds mixed.
    """
    speakers = sorted({c.speaker for c in clips if not c.test})
    fold_of: dict[str, int] = {}
    for corpus in sorted({s.split("_")[0] for s in speakers}):
        own = [s for s in speakers if s.startswith(corpus)]
        size = 2 if len(own) >= 2 * FOLDS else 1
        fold_of |= {s: (i // size) % FOLDS for i, s in enumerate(own)}
    folds = np.array([-1 if c.test else fold_of[c.speaker] for c in clips])
    return [np.flatnonzero(folds == k) for k in range(FOLDS) if (folds == k).any()]
