"""The rooms of `affect_llm/reasoners` know of one another as its docstring says."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import affect_llm.reasoners

HOUSE = Path(affect_llm.reasoners.__file__).parent
KNOWS = {
    "tokens": set(),
    "http": set(),
    "local": {"tokens"},
    "served": {"tokens", "http"},
    "omni": {"tokens", "local"},
}


def rooms_known(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            parts = (node.module or "").split(".")
            if parts[:2] == ["affect_llm", "reasoners"] and len(parts) > 2 and parts[2] in KNOWS:
                yield parts[2]


@pytest.mark.parametrize("room", sorted(KNOWS))
def test_a_room_knows_only_those_that_it_stands_on(room: str) -> None:
    known = {other for file in (HOUSE / room).glob("*.py") for other in rooms_known(file)}
    assert known - {room} <= KNOWS[room]


def test_every_room_is_in_the_list() -> None:
    assert {path.parent.name for path in HOUSE.glob("*/__init__.py")} == set(KNOWS)


def test_what_stands_at_the_top_opens_no_room_when_it_is_imported() -> None:
    assert {room for file in HOUSE.glob("*.py") for room in rooms_known(file)} == set()
