"""Imports point one way, also inside functions; starting up is light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "affect_llm"
LAYERS = [
    {"errors"},
    {"files", "json_lines", "locks", "validation"},
    {"types"},
    {"labels", "registry", "config"},
    {"store"},
    {"media"},
    {"cues"},
    {"encoders"},
    {"perturb"},
    {"fusion", "prompting"},
    {"adapters"},
    {"reasoners"},
    {"pipeline", "conversation", "comparison"},
    {"datasets", "metrics", "batch"},
    {"training", "evaluation"},
    {"report"},
    {"ui"},
    {"cli"},
]
RANK = {unit: rank for rank, layer in enumerate(LAYERS) for unit in layer}
# registry is below labels' and config's neighbours by use: it holds no vocabulary of its own.
RANK["registry"] = RANK["types"]
HEAVY = ("torch", "transformers", "mediapipe", "gradio", "pandas", "scipy", "av")


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
            if parts[0] == "affect_llm" and len(parts) > 1 and parts[1] in RANK:
                yield parts[1]


def upward(tree: ast.AST, unit: str) -> list[str]:
    return [u for u in imported_units(tree) if u != unit and RANK[u] >= RANK[unit]]


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_imports_point_left(path: Path) -> None:
    unit = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if unit in {"__init__", "__main__"}:
        return
    assert unit in RANK, f"{unit} has no layer: add it to DESIGN and here"
    assert upward(ast.parse(path.read_text()), unit) == []


@pytest.mark.parametrize(
    "source",
    [
        "from affect_llm.pipeline import analyze",
        "def f():\n    from affect_llm import pipeline",
        "import affect_llm.cli.main",
    ],
)
def test_the_layer_check_catches_upward_imports(source: str) -> None:
    assert upward(ast.parse(source), "media")


@pytest.mark.parametrize("module", ["affect_llm", "affect_llm.cli"])
def test_starting_up_is_light(module: str) -> None:
    code = f"import sys, {module}; print([m for m in {HEAVY!r} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_no_test_stands_beside_the_folders() -> None:
    """It would put `tests/` on the path, and `tests/datasets` before the library of that name."""
    assert [path.name for path in PACKAGE.parent.joinpath("tests").glob("*.py")] == []
