"""The first thing that pydantic refused, in the parts that a sentence is made of."""

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from affect_llm.validation import Problem, first_problem


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    rank: int = 1


class Outer(BaseModel):
    parts: list[Inner] = []

    @model_validator(mode="after")
    def _some(self) -> "Outer":
        if not self.parts:
            raise ValueError("there are no parts")
        return self


def problem(values: object) -> Problem:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(values)
    return first_problem(caught.value)


def test_a_value_has_its_place() -> None:
    wrong = problem({"parts": [{"rank": "x"}]})
    assert (wrong.name, wrong.given, wrong.unknown) == ("parts.0.rank", "x", False)
    assert wrong.clause().startswith("parts.0.rank: Input should be a valid integer")


def test_a_key_is_unknown() -> None:
    wrong = problem({"parts": [{"rang": 1}]})
    assert (wrong.name, wrong.unknown) == ("parts.0.rang", True)


def test_our_own_sentences_stay_as_they_are() -> None:
    assert problem({}).clause("the whole line") == "the whole line: there are no parts"
