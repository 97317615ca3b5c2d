"""Adapters, roads and servers on the command line."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from affect_llm.cli.app import app
from affect_llm.config import Settings, load_settings
from affect_llm.errors import ConfigError
from affect_llm.evaluation.log import head_of

sys.path.append(str(Path(__file__).parents[1] / "adapters"))
sys.path.append(str(Path(__file__).parents[1] / "reasoners"))


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, args)])


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tiny_adapter import long_base, make_adapter

    folder = tmp_path_factory.mktemp("adapters")
    base = long_base(folder / "tiny-llama")
    return make_adapter(folder / "heard", base, road="projected", temperature=1.5)


def test_flags_reach_the_settings(
    fake_pipeline: type, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFFECT_LLM_SERVER__TIMEOUT_S", "7")
    config = tmp_path / "settings.toml"
    config.write_text('[server]\napi_key_env = "MINE"\nurl = "http://old"\n')
    result = run(
        "analyze", clip, "--config", config, "--reasoner", "vllm", "--server", "http://new/v1",
        "--adapter", "folder", "--road", "both", "--quantize", "4bit", "--dtype", "bfloat16",
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    settings: Settings = fake_pipeline.asked[0][0]  # type: ignore[attr-defined]
    assert (settings.adapter, settings.road) == ("folder", "both")
    assert (settings.quantize, settings.dtype) == ("4bit", "bfloat16")
    server = settings.server
    assert (server.url, server.api_key_env, server.timeout_s) == ("http://new/v1", "MINE", 7.0)


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--road", "scenic"], "The setting 'road' is 'scenic'"),
        (["--server", "http://x"], "The embedded reasoner takes no --server; give --reasoner vllm"),
        (["--road", "projected"], "needs an adapter with a projector, and none is given"),
        (["--adapter", "gone"], "There is no adapter in gone"),
        (["--adapter", ".", "--reasoner", "fake"], "'fake' takes no adapter"),
        (["--quantize", "3bit"], "There is no quantisation '3bit'. Known: 4bit, 8bit"),
        (["--dtype", "int4"], "There is no dtype 'int4'"),
    ],
)
def test_a_mistake_is_one_sentence(flags: list[str], sentence: str) -> None:
    result = run("analyze", "--text", "hello", *flags)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


def test_eval_run_knows_them_too() -> None:
    shown = run("eval", "run", "--help").stdout
    assert all(f"--{name}" in shown for name in ("adapter", "road", "server", "quantize", "dtype"))


def test_tables_of_settings_are_merged_and_still_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"server\.ulr"):
        load_settings(None, server={"ulr": "x"})


def test_doctor_says_that_it_is_whole_and_what_it_needs(adapter: Path) -> None:
    result = run("doctor", "--adapter", adapter)
    assert result.exit_code == 0, result.output
    assert "whole, LoRA and projector" in result.stdout
    assert "trained for the road 'projected' on tiny-llama@local#" in result.stdout
    assert "track voice: fake-audio@1#none" in result.stdout
    assert result.stdout.splitlines()[2] == "calibrated"
    found = json.loads(run("doctor", "--adapter", adapter, "--json").stdout)
    assert found["ok"]
    assert found["holds"] == ["LoRA", "projector"]


def edited(adapter: Path, tmp_path: Path, old: str, new: str) -> Path:
    import shutil

    copy = Path(shutil.copytree(adapter, tmp_path / "copy"))
    manifest = copy / "manifest.json"
    text = manifest.read_text()
    assert old in text
    manifest.write_text(text.replace(old, new))
    return copy


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"fake-audio"', '"wavlm"', "track voice: fake-audio@1#none?a5fa3de3: The features"),
        ('"transformers"', '"embedded"', "problem: the embedded model here has the weights"),
        ("reason_projected@1#", "reason_sung@1#", "problem: The adapter 'heard' was trained with"),
    ],
)
def test_doctor_says_what_is_in_the_way(
    adapter: Path, tmp_path: Path, old: str, new: str, told: str
) -> None:
    result = run("doctor", "--adapter", edited(adapter, tmp_path, old, new))
    assert result.exit_code == 2
    assert told in result.stdout
    assert "cannot be used here" in result.stdout


def test_doctor_of_what_is_no_adapter_is_a_sentence(tmp_path: Path) -> None:
    result = run("doctor", "--adapter", tmp_path)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: There is no adapter in")


def test_an_adapter_that_was_trained_again_has_a_log_of_its_own(
    adapter: Path, tmp_path: Path
) -> None:
    from tiny_adapter import make_adapter

    base = adapter.parent / "tiny-llama"
    settings = Settings(adapter=str(tmp_path / "mine"))
    heads = []
    for seed in (1, 2, 1):
        make_adapter(tmp_path / "mine", base, seed=seed)
        heads.append(head_of("meld", "as it is", settings))
    assert heads[0] == heads[2] != heads[1]
