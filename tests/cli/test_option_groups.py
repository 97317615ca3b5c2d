"""A verb takes dataclasses of options; Typer and a person see the options."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from inspect import signature
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from affect_llm.cli.app import app
from affect_llm.cli.eval_options import ReadingOptions, ScoringOptions, SystemOptions
from affect_llm.cli.eval_tasks import policy_of
from affect_llm.cli.option_groups import option_groups
from affect_llm.cli.options import ReasonerOptions, RunOptions
from affect_llm.config import Settings
from affect_llm.evaluation.tasks.registry import TaskOptions

Said = Annotated[str | None, typer.Option(help="In words.")]


@dataclass(frozen=True)
class Colour:
    hue: Said = None
    depth: Annotated[int, typer.Option("--deep", help="Of the hue.")] = 3


@dataclass(frozen=True)
class Size:
    width: Annotated[float, typer.Option(help="In metres.")]
    sides: Annotated[list[str] | None, typer.Option("--side")] = None


@option_groups
def paint(what: str, *, first: Said = None, colour: Colour, size: Size, last: Said = None) -> None:
    typer.echo(f"{what} {first} {asdict(colour)} {asdict(size)} {last}")


def typed(verb: Callable[..., None], *args: str) -> str:
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command()(verb)
    result = CliRunner().invoke(single, args)
    return result.output


def test_options_reach_their_fields_and_the_rest_keeps_its_defaults() -> None:
    said = typed(paint, "door", "--width", "2", "--deep", "5", "--side", "in", "--last", "x")
    colour, size = {"hue": None, "depth": 5}, {"width": 2.0, "sides": ["in"]}
    assert said == f"door None {colour} {size} x\n"


def test_the_help_shows_the_options_of_a_group_where_it_stands() -> None:
    shown = typed(paint, "--help")
    names = ["--first", "--hue", "--deep", "--width", "--side", "--last"]
    places = [shown.index(name) for name in names]
    assert places == sorted(places)
    assert "--colour" not in shown
    assert "Of the hue." in shown


def test_a_field_without_a_default_must_be_given() -> None:
    assert "Missing option '--width'" in typed(paint, "door")


def test_two_options_of_one_name_are_refused() -> None:
    def twice(*, hue: Said = None, colour: Colour) -> None: ...

    with pytest.raises(ValueError, match="hue"):
        option_groups(twice)


@pytest.mark.parametrize("group", [ReasonerOptions, RunOptions, SystemOptions])
def test_every_option_of_a_run_fills_the_setting_of_its_name(group: type) -> None:
    assert {field.name for field in fields(group)} <= set(Settings.model_fields)


def test_scored_files_take_the_same_defaults_from_the_command_line_as_from_python() -> None:
    assert asdict(ScoringOptions()) == asdict(TaskOptions())
    assert set(asdict(ReadingOptions())) == set(signature(policy_of).parameters)


@pytest.mark.parametrize("verb", ["analyze", "ask", "compare"])
def test_every_option_of_a_run_is_offered_by_each_verb_that_runs(verb: str) -> None:
    shown = CliRunner().invoke(app, [verb, "--help"]).stdout
    named = {"language": "--lang"}
    for field in fields(RunOptions):
        assert named.get(field.name, f"--{field.name.replace('_', '-')}") + " " in shown


@pytest.mark.parametrize(
    "verb", [["analyze"], ["ask"], ["compare"], ["eval", "run"], ["train", "sft"]]
)
def test_the_help_of_a_verb_loads_nothing_heavy(verb: list[str]) -> None:
    code = (
        "import sys; from affect_llm.cli.app import app\n"
        f"try: app([*{verb!r}, '--help'])\n"
        "except SystemExit: print([m for m in ('torch', 'transformers', 'av') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.splitlines()[-1] == "[]"
