"""Every fusion finds a class planted in its features, and none where there is none."""

from itertools import product

import numpy as np
import pytest
import torch
from made_features import CLASSES, accuracy, config_of, missing, planted, train_probe

from affect_llm.types import Features, Modality

KINDS: tuple[str, ...] = ("attention", "linear", "mlp", "prefusion", "qformer")
CHANCE = 1 / CLASSES
N = 300


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def bound(count: int) -> float:
    """Chance plus 3.3 standard deviations of an accuracy by chance."""
    return CHANCE + 3.3 * float(np.sqrt(CHANCE * (1 - CHANCE) / count))


@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_class_is_learnt_and_wrong_features_drop_to_chance(kind: str) -> None:
    clips, labels = planted(N, 1)
    held, wanted = planted(N, 2)
    probe = train_probe(config_of(kind), clips, labels)
    assert accuracy(probe, held, wanted) > 0.9
    swapped = [held[i] for i in np.random.default_rng(0).permutation(N)]
    assert accuracy(probe, swapped, wanted) < bound(N)


@pytest.mark.parametrize("kind", KINDS)
def test_shuffled_labels_teach_nothing(kind: str) -> None:
    clips, labels = planted(N, 1)
    held, wanted = planted(N, 2)
    shuffled = np.random.default_rng(3).permutation(labels)
    # A probe of pure noise may lie off chance by luck of its directions: the bound is for many.
    found = accuracy(train_probe(config_of(kind), clips, shuffled, epochs=4), held, wanted)
    assert found < CHANCE + 0.2


def without_some(clips: list[dict[str, Features]], name: str) -> list[dict[str, Features]]:
    """The track is gone from every second clip: half of these absent, half not given at all."""
    track = {"audio": (Modality.AUDIO, 12), "face": (Modality.VISUAL, 6)}[name]
    changed = []
    for index, clip in enumerate(clips):
        rest = {k: v for k, v in clip.items() if k != name}
        full, gone = index % 2 == 0, index % 4 == 1
        changed.append(clip if full else rest | ({name: missing(*track)} if gone else {}))
    return changed


@pytest.mark.parametrize(
    ("kind", "absent"), list(product(("attention", "prefusion", "qformer"), ("none", "learned")))
)
def test_a_missing_track_does_not_hide_the_signal_of_another(kind: str, absent: str) -> None:
    clips, labels = planted(N, 1, ("audio",))
    held, wanted = planted(N, 2, ("audio",))
    probe = train_probe(config_of(kind, absent=absent), without_some(clips, "face"), labels)
    assert accuracy(probe, without_some(held, "face"), wanted) > 0.9
