"""Pages name what is there: paths, modules, verbs, flags, registries; their examples run."""

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from affect_llm.cli.app import app
from affect_llm.registry import Registry

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
PLANNED = "## Planned"
"""What stands below this heading need not be there yet."""
TOPS = "affect_llm|benchmarks|docs|eval|examples|prompts|tests|workshop"
PATH = re.compile(rf"`((?:{TOPS})/[^`\s]*|[\w<>-]+/[\w<>/-]+\.(?:py|md|css|html))`")
LINK = re.compile(r"\]\((?!http|#)([^)#\s]+)[^)]*\)")
MODULE = re.compile(r"\baffect_llm(?:\.[a-zA-Z_]\w*)+\b")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"(?:^|`)(affect-llm [^`\n]*)", re.MULTILINE)
TREE = re.compile(r"(?<!\S)([\w.-]+(?:/|\.\w+))(?=\s|$)")
FAMILY = re.compile(r'Registry\(\s*"([^"]+)"')
GROUPS = {
    f"affect_llm.{family.replace(' ', '_')}"
    for file in ROOT.glob("affect_llm/**/*.py")
    for family in FAMILY.findall(file.read_text(encoding="utf-8"))
}


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8").partition(PLANNED)[0]


def missing_paths(page: str, folder: Path) -> list[str]:
    """Paths in backticks and links that lead nowhere; `<name>` and `*` stand for anything."""
    places = [((ROOT, ROOT / "affect_llm"), path) for path in PATH.findall(page)]
    places += [((folder,), path) for path in LINK.findall(page)]
    wanted = ((bases, re.sub(r"<\w+>|\bNAME\b", "*", path)) for bases, path in places)
    return [
        path
        for bases, path in wanted
        if not any(any(base.glob(path.split("::")[0].rstrip("/"))) for base in bases)
    ]


def missing_modules(page: str) -> list[str]:
    """Dotted names that are no entry-point group, no module, and stand in no module before them."""
    return [name for name in MODULE.findall(page) if name not in GROUPS and not exists(name)]


def exists(dotted: str) -> bool:
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:end])
        file = (
            path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
        )
        if file.is_file():
            source = file.read_text(encoding="utf-8")
            return all(re.search(rf"\b{part}\b", source) for part in parts[end:])
    return False


def command_problems(line: str) -> list[str]:
    """Verbs and flags of a command line that the command line does not have."""
    words = shlex.split(line, comments=True)[1:]
    command: Any = typer.main.get_command(app)
    while isinstance(command, TyperGroup) and words and words[0].isalpha():
        context = command.make_context("affect-llm", [], resilient_parsing=True)
        if words[0] not in command.list_commands(context):
            return [f"no verb {words[0]} in: {line}"]
        _, command, words = command.resolve_command(context, words)
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    flags = [word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)]
    return [f"no {flag} in: {line}" for flag in flags if flag not in known]


def commands(page: str) -> Iterator[str]:
    for line in COMMAND.findall(page.replace("\\\n", " ")):
        yield line.split(" | ")[0].split(" > ")[0].replace("…", " ").replace("'", "").strip()


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_paths_and_modules_exist(page: Path) -> None:
    assert missing_paths(text_of(page), page.parent) == []
    assert missing_modules(text_of(page)) == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_verbs_and_flags_exist(page: Path) -> None:
    assert [problem for line in commands(text_of(page)) for problem in command_problems(line)] == []


@pytest.mark.parametrize("page", ["README.md", "docs/design.md"])
def test_the_tree_names_what_is_there(page: str) -> None:
    trees = [body for _, body in BLOCK.findall(text_of(ROOT / page)) if "\n  reasoners/" in body]
    assert len(trees) == 1
    for line in trees[0].splitlines():
        folder = ROOT / "affect_llm" if line.startswith("  ") else ROOT
        named = line.strip().split("   ")[0]
        for name in [] if line.startswith("   ") else TREE.findall(named.split("  ")[0]):
            assert (folder / name).exists() or (ROOT / name).exists(), f"{page}: {name}"


def test_the_python_example_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("REASONER", "FACE", "VOICE", "SPEECH"):
        monkeypatch.setenv(f"AFFECT_LLM_{name}", "fake")
    monkeypatch.setenv("AFFECT_LLM_SCENE", "off")
    monkeypatch.chdir(ROOT)
    (example,) = [body for kind, body in BLOCK.findall(text_of(PAGES[0])) if kind == "python"]
    exec(compile(example, "README.md", "exec"), {})
    assert capsys.readouterr().out.startswith("('")


def test_the_table_of_parts_points_at_registries() -> None:
    rows = re.findall(r"^\| ([\w ]+) \| `([^`]+)` \| (.*) \|$", text_of(PAGES[1]), re.MULTILINE)
    assert len(rows) >= 8
    for part, where, how in rows:
        for name in re.findall(r"`([A-Z]\w+)`", how):
            folder = ROOT / re.split(r"[<*]", where)[0]
            files = [folder] if folder.is_file() else folder.rglob("*.py")
            pattern = re.compile(rf"^(?:class )?{name}\b", re.MULTILINE)
            homes = [file for file in files if pattern.search(file.read_text(encoding="utf-8"))]
            assert homes or name == "Sample", f"{part}: there is no {name} in {where}"
            if name.isupper():
                module = ".".join(homes[0].relative_to(ROOT).with_suffix("").parts)
                assert isinstance(getattr(import_module(module), name), Registry), name


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("`affect_llm/nowhere.py`", "affect_llm/nowhere.py"),
        ("[a](nowhere.md)", "nowhere.md"),
        ("`docs/<name>.txt`", "docs/*.txt"),
        ("`cues/nothing.py`", "cues/nothing.py"),
    ],
)
def test_a_path_that_leads_nowhere_is_caught(page: str, problem: str) -> None:
    assert missing_paths(page, ROOT / "docs") == [problem]


def test_a_module_that_is_not_there_is_caught() -> None:
    page = "affect_llm.types.Cue affect_llm.types.Nothing affect_llm.nowhere.A"
    assert missing_modules(page) == ["affect_llm.types.Nothing", "affect_llm.nowhere.A"]


@pytest.mark.parametrize("line", ["affect-llm batch m.jsonl", "affect-llm analyze a.mp4 --rport b"])
def test_a_wrong_command_is_caught(line: str) -> None:
    assert len(command_problems(line)) == 1
