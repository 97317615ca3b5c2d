"""The face training learns a planted signal, and nothing from shuffled labels."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from affect_llm.cues.face.layout import (
    EXPRESSION_SLICE,
    EXPRESSIONS,
    FACENESS_INDEX,
    GAZE_INDEX,
    POSE_SCALE_DEG,
)
from workshop.face.augment import Augmentation, Moved, move, moved_signs
from workshop.face.fit import FaceFitOptions, FaceMaterial, fit
from workshop.face.kit import LabelledFaces
from workshop.face.negatives import make_negatives
from workshop.face.objective import FaceObjective
from workshop.face.split import fold_of, split_of

TOY = FaceFitOptions(
    epochs=12, batch=32, widths=(8, 8, 16, 16), mixup=0.0, teacher_share=0.0, average_decay=0.8
)
STILL = Augmentation(turn_deg=0, zoom=0, shift=0, gamma=0, noise=0, stain=0)


def planted(count: int, seed: int) -> LabelledFaces:
    """Two "expressions": a bright bar at the top or at the bottom of a noisy picture."""
    generator = np.random.default_rng(seed)
    images = generator.integers(0, 120, (count, 48, 48), dtype=np.uint8)
    labels = generator.integers(0, 2, count)
    for image, label in zip(images, labels, strict=True):
        image[4:14] += np.uint8(120 * (label == 0))
        image[34:44] += np.uint8(120 * (label == 1))
    return LabelledFaces(images, labels, np.arange(count))


def accuracy_after(faces: LabelledFaces) -> float:
    torch.set_num_threads(1)
    soft = np.eye(len(EXPRESSIONS), dtype=np.float32)[faces.labels]
    signs = np.full((len(faces.labels), GAZE_INDEX - EXPRESSION_SLICE.stop + 1), np.nan, np.float32)
    signs[:, 0] = 0.5
    clouds = np.random.default_rng(5).integers(0, 120, (40, 48, 48), dtype=np.uint8)
    net = fit(FaceMaterial(faces, soft, signs, clouds), TOY, FaceObjective())
    fresh = planted(200, seed=99)
    with torch.no_grad():
        out = net(torch.from_numpy(fresh.images)[:, None].float() / 255)
    return float((out[:, EXPRESSION_SLICE].argmax(1).numpy() == fresh.labels).mean())


@pytest.mark.slow
def test_a_planted_signal_is_learnt_and_shuffled_labels_teach_nothing() -> None:
    faces = planted(256, seed=1)
    assert accuracy_after(faces) > 0.95
    order = np.random.default_rng(2).permutation(len(faces.labels))
    shuffled = LabelledFaces(faces.images, faces.labels[order], faces.ids)
    assert 0.2 < accuracy_after(shuffled) < 0.8


def test_splits_are_fixed_and_of_the_promised_size() -> None:
    splits = [split_of(number) for number in range(20_000)]
    shares = {name: splits.count(name) / len(splits) for name in set(splits)}
    assert shares == pytest.approx({"train": 0.7, "validation": 0.1, "test": 0.2}, abs=0.01)
    assert [split_of(number) for number in range(5)] == splits[:5]


def test_folds_are_even_and_independent_of_the_split() -> None:
    numbers = [n for n in range(20_000) if split_of(n) == "test"]
    assert np.mean([fold_of(n, 2) for n in numbers]) == pytest.approx(0.5, abs=0.02)


def test_the_gentlest_augmentation_changes_nothing_but_mirrors() -> None:
    crops = torch.rand(8, 1, 48, 48)
    moved = move(crops, STILL, torch.Generator().manual_seed(0))
    assert moved.mirrored.any()
    assert not moved.mirrored.all()
    expected = torch.where(moved.mirrored.view(-1, 1, 1, 1), crops.flip(3), crops)
    assert torch.allclose(moved.crops, expected, atol=1e-5)


def test_a_clockwise_turn_moves_the_top_to_the_right() -> None:
    crops = torch.zeros(64, 1, 49, 49)
    crops[:, :, :8, 22:27] = 1.0
    options = Augmentation(turn_deg=40, zoom=0, shift=0, gamma=0, noise=0, stain=0)
    moved = move(crops, options, torch.Generator().manual_seed(0))
    right = moved.crops[:, 0, :, 25:].sum((1, 2)) > moved.crops[:, 0, :, :24].sum((1, 2))
    clear = moved.turned_deg.abs() > 10
    assert torch.equal(right[clear], moved.turned_deg[clear] > 0)


def test_mirroring_turns_yaw_and_roll_and_a_turn_adds_to_roll() -> None:
    moved = Moved(torch.zeros(2, 1, 48, 48), torch.tensor([True, False]), torch.tensor([0.0, 15.0]))
    signs = torch.tensor([[0.4, 0.3, 0.2], [0.4, 0.3, 0.2]])
    out = moved_signs(signs, moved, yaw=0, roll=2, unit_deg=POSE_SCALE_DEG)
    assert torch.allclose(out, torch.tensor([[-0.4, 0.3, -0.2], [0.4, 0.3, 0.7]]))


def test_negatives_are_repeatable_crops_and_never_whole_faces() -> None:
    faces: NDArray[np.uint8] = np.random.default_rng(3).integers(
        0, 256, (5, 48, 48), dtype=np.uint8
    )
    pictures = [np.random.default_rng(4).integers(0, 256, (90, 120), dtype=np.uint8)]
    first = make_negatives(faces, pictures, 40, np.random.default_rng(7))
    assert first.shape == (40, 48, 48)
    assert np.array_equal(first, make_negatives(faces, pictures, 40, np.random.default_rng(7)))
    assert not any(np.array_equal(crop, face) for crop in first for face in faces)
    assert FACENESS_INDEX == GAZE_INDEX + 1
