"""From the data to the shipped folder: folds, temperature, final weights, bank, card."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.kinds import EMOTIONS
from affect_llm.cues.voice.network import VoiceEnsemble
from workshop.temperature import fit_temperature
from workshop.voice.batches import Rows
from workshop.voice.clips import SpeechClip, read_clips
from workshop.voice.ensembles import fit_ensembles, score_clips
from workshop.voice.features import compute_features, load_features, save_features
from workshop.voice.fit import VoiceFitOptions
from workshop.voice.folds import speaker_folds
from workshop.voice.targets import VoiceTargets, family_of, targets_of
from workshop.voice.weights import save_head


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """The recipe of the shipped head."""

    copies: int = 6
    seeds: tuple[int, ...] = (0, 1, 2, 3)
    workers: int = 2
    fit: VoiceFitOptions = field(default_factory=VoiceFitOptions)


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Outputs for training clips by ensembles that did not see their speaker.

    Args:
        clips: (N,) indices into the list of clips.
        logits: (N, 8) before the temperature.
        affect: (N, 2) arousal and valence.
    """

    clips: Rows
    logits: NDArray[np.float64]
    affect: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TrainedHead:
    """What training leaves: the folder of the weights, and the out-of-fold outputs."""

    folder: Path
    temperature: float
    out_of_fold: OutOfFold


def train_voice_head(
    data: Path, out: Path, work: Path, options: TrainOptions | None = None
) -> TrainedHead:
    """Train the voice head and write its weights and configuration to `out`.

    Args:
        data: folder with `labels.tsv` and the recordings it lists.
        out: folder for `voice_head.safetensors` and `config.json`.
        work: folder for features, which are read again if they are there.
        options: the recipe; the shipped head's by default.

    Raises:
        DataError: the data is not laid out as documented.
    """
    options = options or TrainOptions()
    clips = read_clips(data)
    features = _features(clips, work, options)
    targets = targets_of(clips)
    training = np.flatnonzero([not c.test for c in clips])
    folds = speaker_folds(clips)
    parts = [training, *(np.setdiff1d(training, fold) for fold in folds)]
    whole, *left_out = fit_ensembles(
        features, targets, parts, options.fit, options.seeds, options.workers
    )
    found = _out_of_fold(left_out, folds, features, targets)
    temperature = fit_temperature(*_labelled(found, clips, targets))
    save_head(whole, temperature, options.fit, out)
    return TrainedHead(out, temperature, found)


def features_path(work: Path, options: TrainOptions) -> Path:
    """The file in which the features of these options are kept."""
    return work / f"features_{options.copies}.npz"


def _features(clips: list[SpeechClip], work: Path, options: TrainOptions) -> Path:
    path = features_path(work, options)
    if not path.exists():
        work.mkdir(parents=True, exist_ok=True)
        save_features(compute_features(clips, options.copies, options.workers), path)
    return path


def _out_of_fold(
    ensembles: list[VoiceEnsemble], folds: list[Rows], features: Path, targets: VoiceTargets
) -> OutOfFold:
    loaded = load_features(features)
    scored = [
        score_clips(e, loaded, targets, fold) for e, fold in zip(ensembles, folds, strict=True)
    ]
    return OutOfFold(
        clips=np.concatenate(folds),
        logits=np.concatenate([logits for logits, _ in scored]),
        affect=np.concatenate([affect for _, affect in scored]),
    )


def _labelled(
    found: OutOfFold, clips: list[SpeechClip], targets: VoiceTargets
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Logits and labels of the RAVDESS clips, the only corpus with all the emotions."""
    rows = [family_of(clips[i].corpus) == "ravdess" for i in found.clips]
    rows = rows if any(rows) else [targets.emotion[i] >= 0 for i in found.clips]
    emotion = targets.emotion[found.clips][rows]
    assert emotion.max(initial=0) < len(EMOTIONS), "targets index EMOTIONS"
    return found.logits[rows], emotion
