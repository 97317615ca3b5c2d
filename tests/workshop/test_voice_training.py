from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from affect_llm.cues.kinds import EMOTIONS
from affect_llm.cues.voice.head import FEATURES, VoiceHead
from affect_llm.cues.voice.head_input import CHANNELS, HeadInput
from affect_llm.cues.voice.network import VoiceEnsemble
from workshop.voice.clips import SpeechClip
from workshop.voice.ensembles import score_clips
from workshop.voice.evaluation import Scored, evaluate, unweighted_recall
from workshop.voice.features import SpeechFeatures, load_features, save_features
from workshop.voice.fit import VoiceFitOptions, fit_network, shape_of
from workshop.voice.targets import VoiceTargets, targets_of
from workshop.voice.weights import save_head

OPTIONS = VoiceFitOptions(epochs=50, batch=32, width=16, hidden=16, dropout=0.1)
CLIPS = 192
TRAIN, HELD = np.arange(128), np.arange(128, CLIPS)


def clip(emotion: str) -> SpeechClip:
    return SpeechClip("f", Path("f"), "ravdess", "en", emotion, True, "ravdess_01", "words")


def planted(shuffled: bool) -> tuple[SpeechFeatures, VoiceTargets]:
    """Each emotion raises its own bands and its own summary entry, under noise."""
    rng = np.random.default_rng(0)
    labels = np.arange(CLIPS) % len(EMOTIONS)
    sequences, summaries = [], rng.normal(0, 1, (CLIPS, 24)).astype(np.float32)
    for i, label in enumerate(labels):
        sequence = rng.normal(0, 1, (int(rng.integers(30, 60)), CHANNELS))
        sequence[:, 8 * label : 8 * label + 8] += 0.7
        sequences.append(sequence.astype(np.float16))
        summaries[i, label] += 1.5
    told = rng.permutation(labels) if shuffled else labels
    targets = targets_of([clip(EMOTIONS[k]) for k in told])
    index = np.arange(CLIPS)
    return SpeechFeatures(sequences, summaries, index, np.zeros(CLIPS, dtype=np.intp)), targets


def fitted(features: SpeechFeatures, targets: VoiceTargets) -> VoiceEnsemble:
    ensemble = VoiceEnsemble(shape_of(features, OPTIONS), 1)
    ensemble.members[0].load_state_dict(
        fit_network(features, targets, TRAIN, OPTIONS, seed=0).state_dict()
    )
    return ensemble.eval()


def recall(features: SpeechFeatures, targets: VoiceTargets) -> float:
    logits, _ = score_clips(fitted(features, targets), features, targets, HELD)
    return unweighted_recall(targets.emotion[HELD], logits.argmax(axis=1))


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def test_a_planted_signal_is_learnt() -> None:
    assert recall(*planted(shuffled=False)) > 0.7


def test_shuffled_labels_teach_nothing() -> None:
    assert recall(*planted(shuffled=True)) < 0.3


def test_weights_come_back_as_they_were(tmp_path: Path) -> None:
    features, targets = planted(shuffled=False)
    ensemble = fitted(features, targets)
    config = save_head(ensemble, 1.5, OPTIONS, tmp_path)
    assert config.features == FEATURES
    logits, affect = score_clips(ensemble, features, targets, HELD[:3])
    inputs = [
        HeadInput(features.sequences[i].astype(np.float32), features.summaries[i]) for i in HELD[:3]
    ]
    again, affect_again = VoiceHead(tmp_path).outputs(inputs)
    np.testing.assert_allclose(again, logits, atol=1e-4)
    np.testing.assert_allclose(affect_again, affect, atol=1e-5)


def test_features_come_back_as_they_were(tmp_path: Path) -> None:
    features, _ = planted(shuffled=False)
    save_features(features, tmp_path / "f.npz")
    again = load_features(tmp_path / "f.npz")
    assert all(
        np.array_equal(a, b) for a, b in zip(again.sequences, features.sequences, strict=True)
    )
    assert np.array_equal(again.summaries, features.summaries)


def test_recall_is_the_mean_over_classes() -> None:
    # class 0: 2 of 4 found, class 1: 1 of 1 found: (0.5 + 1) / 2
    labels: NDArray[np.int64] = np.array([0, 0, 0, 0, 1])
    assert unweighted_recall(labels, np.array([0, 0, 1, 1, 1])) == 0.75


def test_the_interval_is_wide_with_unlike_speakers() -> None:
    labels = np.tile(np.arange(8), 20)
    right = np.eye(8)[labels]
    wrong = np.eye(8)[(labels + 1) % 8]
    half = np.where((np.arange(160) < 80)[:, None], right, wrong)
    result = evaluate(Scored(labels, half, np.repeat(["a", "b"], 80)))
    assert result.uar == pytest.approx(0.5)
    assert result.interval == (0.0, 1.0)


def test_targets_follow_the_corpus() -> None:
    german = SpeechClip("f", Path("f"), "emodb_full", "de", "boredom", False, "emodb_03", "w")
    targets = targets_of([clip("anger"), clip("neutral"), german])
    assert targets.emotion.tolist() == [EMOTIONS.index("anger"), EMOTIONS.index("neutral"), -1]
    assert targets.weight[2] == 0.0
    assert targets.allowed[2].sum() == 0
    np.testing.assert_allclose(targets.affect[0], [0.708, -0.612], atol=1e-6)  # 1.2 x table
    np.testing.assert_allclose(targets.affect[1], [0.0, 0.0])
