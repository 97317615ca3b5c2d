import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
CHECK = """
import os, runpy
from gradio import Blocks
asked = {}
Blocks.launch = lambda self, **options: asked.update(options)
runpy.run_path("app.py", run_name="__main__")
assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
assert asked["server_name"] == "127.0.0.1"
assert asked["share"] is False
assert asked["allowed_paths"] == []
assert asked["max_file_size"] == "500mb"
assert asked["theme"]._stylesheets == [], "web fonts"
assert os.environ["NO_PROXY"].split(",")[-1] == "127.0.0.1"
"""
UNREACHED = """
import sys
from gradio import Blocks
def launch(self, **options): raise ValueError("When localhost is not accessible ...")
Blocks.launch = launch
from affect_llm.cli import main
sys.argv = ["affect-llm", "ui"]
main()
"""


def test_app_is_a_few_lines() -> None:
    lines = (REPO / "app.py").read_text().splitlines()
    assert len(lines) <= 10


def test_importing_the_page_does_not_import_gradio() -> None:
    code = "import sys, affect_llm.ui.page; print('gradio' in sys.modules, 'torch' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["False", "False"]


@pytest.mark.skipif(find_spec("gradio") is None, reason="gradio is not installed")
def test_the_page_is_built_and_served_on_this_machine_only() -> None:
    done = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, cwd=REPO)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(find_spec("gradio") is None, reason="gradio is not installed")
def test_a_page_that_cannot_be_reached_is_a_sentence() -> None:
    done = subprocess.run([sys.executable, "-c", UNREACHED], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("error: The page at http://127.0.0.1 does not answer")
    assert "Traceback" not in done.stderr
