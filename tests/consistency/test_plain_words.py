"""Names and docstrings that a stranger can read: nouns, one meaning a name, whole sentences."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("affect_llm/**/*.py"), *ROOT.glob("workshop/**/*.py")])
NAMES = [str(path.relative_to(ROOT)) for path in SOURCES]
GERUND_PACKAGES = {"prompting", "training"}
"""The two rooms that the field itself calls so."""
DANGLING = {"Of", "As", "In", "By", "From", "For", "With", "At", "On", "To", "Than", "And", "Or"}
"""A short docstring that begins so needs the name above it to become a sentence."""
SHORT = 10


def docstrings(tree: ast.AST) -> Iterator[str]:
    """Docstrings of modules, classes and functions, and strings that stand below a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for statement in node.body:
                value = statement.value if isinstance(statement, ast.Expr) else None
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value


def fragments(source: str) -> list[str]:
    """First sentences that are no sentence without the name that they stand below."""
    firsts = [text.split("\n\n")[0].split(". ")[0] for text in docstrings(ast.parse(source))]
    return [
        first
        for first in firsts
        if not first.strip()
        or (first.split()[0] in DANGLING and len(first.split()) < SHORT)
        or len(first.split()) < 2
    ]


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_modules_are_nouns(path: Path) -> None:
    rooms = [part.removesuffix(".py") for part in path.relative_to(ROOT).parts]
    assert [r for r in rooms if r.endswith("ing") and r not in GERUND_PACKAGES] == []


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_docstrings_stand_alone(path: Path) -> None:
    assert fragments(path.read_text(encoding="utf-8")) == []


def test_a_class_name_has_one_meaning() -> None:
    places = defaultdict(list)
    for path in SOURCES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(ROOT)))
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


@pytest.mark.parametrize("text", ["Of the scored clips.", "In seconds.", "Hertz.", ""])
def test_the_check_catches_fragments(text: str) -> None:
    assert fragments(f'class A:\n    x: int\n    """{text}"""\n')


def test_the_check_spares_sentences() -> None:
    assert fragments('"""The scored clips."""\nx = 1\n"""How loud it is, in decibels."""\n') == []
