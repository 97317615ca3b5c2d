"""Planted paths: ids follow people, not places."""

from affect_llm.cues.face.crops import Square
from affect_llm.cues.face.tracks import Tracker

STEP_S = 0.25


def at(x: float, y: float = 100.0, side: float = 80.0) -> Square:
    return Square(x, y, side)


def test_two_people_sitting_still_keep_their_ids_in_any_order() -> None:
    tracker = Tracker()
    assert tracker.update(0.0, [at(100), at(400)]) == ["P1", "P2"]
    assert tracker.update(STEP_S, [at(402), at(99)]) == ["P2", "P1"]


def test_people_whose_paths_cross_are_not_swapped() -> None:
    tracker = Tracker()
    for step in range(21):
        here, there = at(100 + 20 * step, 100), at(500 - 20 * step, 130)
        assert tracker.update(step * STEP_S, [here, there]) == ["P1", "P2"]


def test_a_face_hidden_for_a_second_comes_back_as_itself() -> None:
    tracker = Tracker()
    tracker.update(0.0, [at(100), at(400)])
    for step in range(1, 5):
        assert tracker.update(step * STEP_S, [at(400)]) == ["P2"]
    assert tracker.update(5 * STEP_S, [at(105), at(400)]) == ["P1", "P2"]


def test_a_face_gone_for_longer_is_someone_new() -> None:
    tracker = Tracker()
    tracker.update(0.0, [at(100)])
    tracker.update(1.0, [])
    assert tracker.update(5.0, [at(100)]) == ["P2"]


def test_a_jump_across_the_picture_is_someone_new() -> None:
    tracker = Tracker()
    tracker.update(0.0, [at(100)])
    assert tracker.update(STEP_S, [at(600)]) == ["P2"]


def test_a_face_of_quite_another_size_is_someone_new() -> None:
    tracker = Tracker()
    tracker.update(0.0, [at(100, side=200)])
    assert tracker.update(STEP_S, [at(100, side=60)]) == ["P2"]
