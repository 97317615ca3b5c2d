"""What a logistic regression reads in the same features, and in the voice head's scores.

The mean of a clip's rows, standardised; the strength of the ridge is chosen on the validation
actors of the fold. It is the better baseline beside a projector, and says whether the scores hold
anything that the features do not.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from roads_answers import Answer
from roads_recipes import RUNS, recipe
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import recall_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from affect_llm.training.sft.model_setup import open_tracks
from affect_llm.training.sft.rows import Row, read_rows
from affect_llm.training.sft.samples import ClipReader, cue_settings
from affect_llm.training.sft.settings import SftSettings

STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
PROBES = {
    "probe of the features": (True, False),
    "probe of the scores": (False, True),
    "probe of both": (True, True),
}
"""Whether each sees the features, and the scores that the cues tell."""
Table = NDArray[np.float64]


def probed(name: str, rows: Path, whisper: Path) -> list[Answer]:
    """Answers of a probe to the test rows."""
    found = read_rows(rows, None).rows
    settings = SftSettings.model_validate(recipe(RUNS["projected"], whisper, None))
    features, scores = PROBES[name]
    parts = [_features(found, settings)] if features else []
    parts += [_scores(found, settings)] if scores else []
    table = np.hstack(parts)
    gold = np.array([row.golds[0] for row in found])
    part = np.array([row.split for row in found])
    probe = _fitted(table, gold, part)
    chosen = np.flatnonzero(part == "test")
    told = probe.predict_proba(table[chosen])
    return [
        Answer(
            id=found[n].id,
            group=found[n].cluster,
            gold=gold[n],
            distribution=dict(zip(probe.classes_, row.tolist(), strict=True)),
        )
        for n, row in zip(chosen, told, strict=True)
    ]


def _fitted(table: Table, gold: NDArray[np.str_], part: NDArray[np.str_]) -> Pipeline:
    """The best of all strengths on the validation rows."""
    train, validation = part == "train", part == "validation"

    def value(probe: Pipeline) -> float:
        said = probe.predict(table[validation])
        return float(recall_score(gold[validation], said, average="macro"))

    probes = [
        make_pipeline(StandardScaler(), LogisticRegression(C=c, max_iter=3000)).fit(
            table[train], gold[train]
        )
        for c in STRENGTHS
    ]
    return max(probes, key=value)


def _features(rows: Sequence[Row], settings: SftSettings) -> Table:
    reader = ClipReader(cue_settings(settings), open_tracks(settings.tracks, "cpu"))
    clips = [clip for clip in map(reader.read, rows) if not isinstance(clip, str)]
    means = [features["voice"].array.mean(axis=0) for _, features in clips]
    return np.stack(means).astype(np.float64)


def _scores(rows: Sequence[Row], settings: SftSettings) -> Table:
    clips = map(ClipReader(cue_settings(settings)).read, rows)
    told = [
        {c.name: float(c.value) for c in clip[0].cues if c.name.startswith("voice.")}
        for clip in clips
        if not isinstance(clip, str)
    ]
    names = sorted(set().union(*told))
    return np.array([[row.get(name, 0.0) for name in names] for row in told])
