import json
from pathlib import Path

from affect_llm.types import EmotionResult

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "result@1.json"


def test_the_published_schema_is_the_one_that_results_follow() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == EmotionResult.model_json_schema()
