"""The rules' scores mean something: they tell explanations of one clip from those of others."""

import sys
from pathlib import Path

import pytest

from affect_llm.errors import DataError
from affect_llm.evaluation.judges.rules import RuleJudge
from workshop.rule_validation import validate_judge

sys.path.insert(0, str(Path(__file__).parents[1] / "evaluation"))
from judged_clips import composed

JUDGE = RuleJudge()


def test_scores_tell_explanations_of_one_clip_from_others_and_fall_with_falsehood() -> None:
    found = validate_judge(composed(24), JUDGE, "clues")
    assert (found.auc.value or 0) > 0.9
    assert found.auc.interval is not None
    assert found.auc.interval[0] > 0.8
    assert found.control.interval is not None
    assert found.control.interval[0] < 0.5 < found.control.interval[1]
    for falling in (found.dropped, found.falsified):
        assert falling[0] == pytest.approx(10)
        assert list(falling) == sorted(falling, reverse=True)
        assert falling[-1] < 9
    assert found.same > found.other + 3


def test_validation_needs_clips() -> None:
    with pytest.raises(DataError, match="Only 0 clips"):
        validate_judge([], JUDGE, "clues")
