"""Starting up loads what the input needs and nothing else."""

import json
import subprocess
import sys
import wave
from pathlib import Path

import pytest

CLI = "from affect_llm.cli import main; main()"
TEXT = ["analyze", "--text", "I hate you!", "--json"]
TEXT_NEEDS = {
    *{"affect_llm", "numpy", "torch", "safetensors", "tokenizers", "llguidance", "jinja2", "yaml"},
    *{"pydantic", "pydantic_settings", "typer", "jsonschema"},
}
"""The packages that a text is allowed to load."""
THEY_NEED = {
    *{"annotated_doc", "annotated_types", "attr", "attrs", "cuda", "cython_runtime", "dotenv"},
    *{"filelock", "fsspec", "idna", "jsonschema_specifications", "markupsafe", "mpmath"},
    *{"networkx", "platformdirs", "psutil", "pydantic_core", "referencing", "rpds", "shellingham"},
    *{"sympy", "torchgen", "tqdm", "triton", "typing_extensions", "typing_inspection"},
}
"""What these packages load themselves, by their versions and by what else is installed."""
UNNEEDED_PARTS = ("torch._dynamo", "torch._inductor", "torch.distributed.fsdp")
"""Parts of torch that transformers' models pull in, which take as long as all the rest."""


def loaded(code: str, arguments: list[str]) -> list[str]:
    """The modules that a program has loaded when it ends, in a process of its own."""
    ending = (
        "import atexit, json, sys\n"
        "atexit.register(lambda: print(json.dumps(list(sys.modules)), file=sys.stderr))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", ending + code, *arguments], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    modules: list[str] = json.loads(run.stderr.splitlines()[-1])
    return modules


def installed(modules: list[str]) -> set[str]:
    """Their packages, without those of the standard library and private helpers of packages."""
    names = {module.partition(".")[0] for module in modules}
    return {n for n in names if n not in sys.stdlib_module_names and not n.startswith("_")}


@pytest.mark.parametrize("module", ["affect_llm", "affect_llm.cli"])
def test_an_import_is_light(module: str) -> None:
    heavy = {"torch", "transformers", "mediapipe", "gradio", "pandas", "scipy", "av", "numpy"}
    assert installed(loaded(f"import {module}", [])) & heavy == set()


def test_help_is_light() -> None:
    assert "pydantic" not in installed(loaded(CLI, ["--help"]))


def test_a_text_loads_what_a_text_needs() -> None:
    modules = loaded(CLI, TEXT)
    assert [m for m in modules if m.startswith(UNNEEDED_PARTS)] == []
    assert installed(modules) - TEXT_NEEDS - THEY_NEED == set()


def test_a_recording_loads_neither_faces_nor_transformers(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "silence.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 16_000, "NONE", ""))
        file.writeframes(b"\0\0" * 16_000)
    modules = loaded(CLI, ["analyze", str(tmp_path / "silence.wav"), "--json"])
    heavy = {"transformers", "torchvision", "dlib", "mediapipe", "cv2"}
    assert installed(modules) & heavy == set()
