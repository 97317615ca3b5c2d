"""Weights are loaded strictly; crops and close-ups are what they say."""

import json
from pathlib import Path

import numpy as np
import pytest

from affect_llm.cues.face.close_up import close_up, may_be_close_up
from affect_llm.cues.face.crops import Square, cut, grey_of, square_of_box, whole_frame
from affect_llm.cues.face.reader import WEIGHTS_FILE, FaceReader
from affect_llm.cues.face.shape_head import HEAD_FILE, ShapeHead
from affect_llm.errors import WeightsError
from affect_llm.store.shipped import shipped

FOLDER = shipped("face_net")


@pytest.fixture(scope="module")
def reader() -> FaceReader:
    return FaceReader(FOLDER)


def test_the_shipped_weights_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 4 * 2**20


def test_answers_are_probabilities_intensities_and_repeatable(reader: FaceReader) -> None:
    crops = np.random.default_rng(0).integers(0, 256, (3, 48, 48), dtype=np.uint8)
    reading = reader.read(crops)
    assert np.allclose(reading.expressions.sum(axis=1), 1)
    assert reading.units.min() >= 0
    assert reading.units.max() <= 5
    alone = reader.read(crops[1:2])
    assert np.array_equal(alone.expressions[0], reading.expressions[1])


def test_a_mirror_image_turns_yaw_and_roll_and_nothing_else(reader: FaceReader) -> None:
    crops = np.random.default_rng(1).integers(0, 256, (1, 48, 48), dtype=np.uint8)
    here, there = reader.read(crops), reader.read(crops[:, :, ::-1])
    assert np.allclose(here.expressions, there.expressions)
    assert np.allclose(here.pose_deg[0], there.pose_deg[0] * [-1, 1, -1])


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / WEIGHTS_FILE).write_bytes((FOLDER / WEIGHTS_FILE).read_bytes()[:1000])
    with pytest.raises(WeightsError, match="cannot be read"):
        FaceReader(tmp_path)


def test_a_file_for_other_outputs_is_refused(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    save_file({"x": torch.zeros(1)}, tmp_path / WEIGHTS_FILE, metadata={"outputs": "joy"})
    with pytest.raises(WeightsError, match="tells joy"):
        FaceReader(tmp_path)


def test_a_file_with_a_tensor_missing_is_refused(tmp_path: Path) -> None:
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    tensors = load_file(FOLDER / WEIGHTS_FILE)
    tensors.popitem()
    with safe_open(FOLDER / WEIGHTS_FILE, framework="pt") as file:
        save_file(tensors, tmp_path / WEIGHTS_FILE, metadata=file.metadata())
    with pytest.raises(WeightsError, match="does not fit"):
        FaceReader(tmp_path).read(np.zeros((1, 48, 48), np.uint8))


def test_a_head_for_other_classes_is_refused(tmp_path: Path) -> None:
    head = json.loads((FOLDER / HEAD_FILE).read_text())
    (tmp_path / HEAD_FILE).write_text(json.dumps({**head, "expressions": ["joy"]}))
    with pytest.raises(WeightsError, match="joy"):
        ShapeHead(tmp_path)


def test_a_crop_lands_where_its_square_lies() -> None:
    grey = np.zeros((200, 300), np.uint8)
    grey[50:98, 120:168] = np.arange(48 * 48).reshape(48, 48) % 251
    assert np.array_equal(cut(grey, Square(144, 74, 48)), grey[50:98, 120:168])


def test_beyond_the_picture_its_edge_is_repeated() -> None:
    assert (cut(np.full((20, 20), 77, np.uint8), Square(0, 0, 90)) == 77).all()


def test_a_tilted_crop_is_set_upright() -> None:
    grey = np.zeros((100, 100), np.uint8)
    rows = np.arange(100)
    grey[rows, rows] = grey[rows, np.minimum(rows + 1, 99)] = 255
    # A line falling to the right at 45 degrees is level in a crop tilted by 45.
    level = cut(grey, Square(50, 50, 40, roll_deg=45))
    assert level[22:27].max(axis=0).min() > 100
    assert level[:15].max() == 0


def test_the_whole_of_a_face_picture_is_about_the_crop_of_its_box() -> None:
    square = square_of_box(0.045 * 48, 0.13 * 48, 0.91 * 48, 0.91 * 48)
    assert square.overlap(whole_frame(48, 48)) > 0.9


@pytest.mark.parametrize("size", [(720, 1280), (400, 400), (48, 100)])
def test_large_or_long_pictures_are_no_close_ups(size: tuple[int, int]) -> None:
    assert not may_be_close_up(*size)


@pytest.mark.parametrize("kind", ["black", "white", "noise", "ramp"])
def test_pictures_of_nothing_are_no_faces(reader: FaceReader, kind: str) -> None:
    ramp = np.tile(np.linspace(0, 255, 48).astype(np.uint8), (48, 1))
    pictures = {
        "black": np.zeros((48, 48), np.uint8),
        "white": np.full((48, 48), 255, np.uint8),
        "noise": np.random.default_rng(2).integers(0, 256, (48, 48), dtype=np.uint8),
        "ramp": ramp,
    }
    assert close_up(pictures[kind], reader) == []


def test_grey_is_luma() -> None:
    assert grey_of(np.array([[[255, 0, 0], [10, 10, 10]]], np.uint8)).tolist() == [[76, 10]]
