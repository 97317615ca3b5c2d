"""The command as a process: quick, light, and quiet when it is cut short."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from affect_llm.cli.app import VERBS

COMMAND = [sys.executable, "-c", "from affect_llm.cli import main; main()"]
SAMPLES = str(Path(__file__).parents[1] / "report")
HEAVY = ("torch", "transformers", "mediapipe", "gradio", "pandas", "scipy", "av", "rich")


def run(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *args], capture_output=True, text=True)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from affect_llm.cli.app import app\n"
        "try: app(['--help'])\n"
        f"except SystemExit: print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str) -> None:
    module = VERBS[verb].target.partition(":")[0]
    if find_spec(module) is None:
        pytest.skip(f"{module} is not written yet")
    shown = run(verb, "--help")
    assert shown.returncode == 0, shown.stderr
    assert "Usage: affect-llm" in shown.stdout
    assert shown.stderr == ""


def test_help_lists_every_verb_in_one_place() -> None:
    shown = run("--help").stdout
    assert all(verb.help in shown for verb in VERBS.values())


def test_output_is_utf_8_in_any_locale() -> None:
    code = (
        "import sys; from affect_llm.cli import main; sys.argv = ['x', '--version']\ntry: main()\n"
    )
    code += "except SystemExit: print('█ é')"
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert out.stdout.decode("utf-8").endswith("█ é\n")


def test_version() -> None:
    assert run("--version").stdout.startswith("affect-llm 0.")


def test_a_verb_nearly_named_is_suggested() -> None:
    shown = run("analyse")
    assert shown.returncode == 2
    assert "analyze" in shown.stderr


SLOW_PIPELINE = """
import sys, time
import affect_llm.cli.run as run
sys.path.insert(0, {samples!r})
from sample_results import long_clip
class Endless:
    def __init__(self, settings): pass
    def run(self, sources):
        for _ in sources:
            print("ready", file=sys.stderr, flush=True)
            {action}
            yield long_clip(200)
run.Pipeline = Endless
from affect_llm.cli.app import app
app(["analyze", *{flags!r}, *["x"] * 200])
"""


def cut_short(action: str, stdout_closed: bool, *flags: str) -> tuple[int, str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_PIPELINE.format(action=action, samples=SAMPLES, flags=flags)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    if stdout_closed:
        process.stdout.readline()
        process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    process.stdout.close()
    return process.wait(timeout=60), errors


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_a_reader_that_goes_away_ends_the_run_quietly(flags: tuple[str, ...]) -> None:
    code, errors = cut_short("pass", True, *flags)
    assert code == 141
    assert set(errors.split()) == {"ready"}


def test_ctrl_c_is_130_without_a_traceback() -> None:
    # A shell starts what runs in its background deaf to Ctrl-C, and the deafness is inherited.
    heard = "import os, signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code, errors = cut_short(f"{heard}; os.kill(os.getpid(), signal.SIGINT)", False, "--json")
    assert code == 130
    assert errors.split() == ["ready", "interrupted"]
