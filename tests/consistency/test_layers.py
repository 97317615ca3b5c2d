"""Imports point one way, also inside functions, as the line of layers in docs/design.md has it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "affect_llm"
SOURCES = sorted([*PACKAGE.rglob("*.py"), *ROOT.glob("workshop/**/*.py")])


def layers(page: str) -> list[list[str]]:
    """The layers that the design page names, lowest first; neighbours share one."""
    line = re.search(r"`(errors →[^`]*)`", page)
    assert line is not None, "docs/design.md has a line of layers that begins with errors"
    return [[unit.strip() for unit in layer.split("|")] for layer in line[1].split("→")]


LAYERS = layers((ROOT / "docs" / "design.md").read_text(encoding="utf-8"))
RANK = {unit: rank for rank, layer in enumerate(LAYERS) for unit in layer}
RANK["workshop"] = len(LAYERS)
"""It may import everything, and nothing may import it."""


def imported_units(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "workshop":
                yield "workshop"
            elif parts[0] == "affect_llm" and len(parts) > 1 and parts[1] in RANK:
                yield parts[1]


def upward(tree: ast.AST, unit: str) -> list[str]:
    return [u for u in imported_units(tree) if u != unit and RANK[u] >= RANK[unit]]


def unit_of(path: Path) -> str:
    first, *rest = path.relative_to(ROOT).with_suffix("").parts
    return first if first == "workshop" else rest[0]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_left(path: Path) -> None:
    unit = unit_of(path)
    if unit == "__init__":
        return
    assert unit in RANK, f"{unit} has no layer: docs/design.md names none"
    assert upward(ast.parse(path.read_text(encoding="utf-8")), unit) == []


def test_every_layer_is_there() -> None:
    units = {unit_of(path) for path in SOURCES} - {"__init__"}
    assert set(RANK) <= units


@pytest.mark.parametrize(
    "source",
    [
        "from affect_llm.pipeline import analyze",
        "def f():\n    from affect_llm import pipeline",
        "import affect_llm.cli.main",
        "def f():\n    from workshop.embedded import model",
    ],
)
def test_the_layer_check_catches_upward_imports(source: str) -> None:
    assert upward(ast.parse(source), "media")


def test_no_test_stands_beside_the_folders() -> None:
    """It would put `tests/` on the path, and `tests/datasets` before the library of that name."""
    assert [path.name for path in PACKAGE.parent.joinpath("tests").glob("*.py")] == []
