import json
from pathlib import Path

import pytest

from affect_llm.comparison import AnswerComparison
from affect_llm.types import EmotionResult, Model, Reply

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


@pytest.mark.parametrize(
    ("name", "model"),
    [("result@1", EmotionResult), ("reply@1", Reply), ("comparison@1", AnswerComparison)],
)
def test_a_published_schema_is_the_one_that_answers_follow(name: str, model: type[Model]) -> None:
    published = (SCHEMAS / f"{name}.json").read_text(encoding="utf-8")
    assert json.loads(published) == model.model_json_schema()
