import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from affect_llm.cli import health as health_module
from affect_llm.cli.doctor import doctor
from affect_llm.cli.health import GoldenClip, golden_clip, installed_extras
from affect_llm.store.wholeness import ShippedWeights

RUNNER = CliRunner()
APP = typer.Typer()
APP.command()(doctor)


@pytest.fixture(autouse=True)
def _own_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFFECT_LLM_STORE", str(tmp_path / "store"))
    monkeypatch.setattr(health_module, "devices", lambda: ("cpu",))
    whole = ShippedWeights(name="embedded", files={"a": "0"}, problems=())
    monkeypatch.setattr(health_module, "inspect_shipped", lambda name: whole)


def test_json_holds_everything() -> None:
    result = RUNNER.invoke(APP, ["--json", "--quick"])
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert found["ok"] is True
    assert found["golden_clip"]["state"] == "skipped"
    assert found["models"]["silero-vad"] is False
    assert found["extras"]["base"]["typer"]


def test_people_read_what_to_type() -> None:
    result = RUNNER.invoke(APP, ["--quick"])
    assert result.exit_code == 0
    assert "models pull silero-vad" in result.stdout
    assert "everything that ships is whole" in result.stdout


def test_a_broken_shipped_weight_is_exit_2(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = ShippedWeights(name="embedded", files={}, problems=("It is cut short.",))
    monkeypatch.setattr(health_module, "inspect_shipped", lambda name: broken)
    result = RUNNER.invoke(APP, ["--quick"])
    assert result.exit_code == 2
    assert "cut short" in result.stdout


def test_an_unanswered_clip_is_exit_2(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = GoldenClip(state="failed", detail="no weights")
    monkeypatch.setattr(health_module, "golden_clip", lambda: failed)
    result = RUNNER.invoke(APP, ["--json"])
    assert result.exit_code == 2
    assert json.loads(result.stdout)["golden_clip"]["detail"] == "no weights"


def test_the_clip_may_fail_but_doctor_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from affect_llm import pipeline
    from affect_llm.cli import demo
    from affect_llm.errors import WeightsError

    class Broken:
        def __init__(self, settings: object) -> None:
            raise WeightsError("The weights are gone.")

    clip = tmp_path / "demo.mp4"
    clip.write_bytes(b"")
    monkeypatch.setattr(demo, "_PLACES", (clip,))
    monkeypatch.setattr(pipeline, "Pipeline", Broken)
    found = golden_clip()
    assert found.state == "failed"
    assert found.detail == "The weights are gone."


def test_without_a_clip_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from affect_llm.cli import demo

    monkeypatch.setattr(demo, "_PLACES", ())
    assert golden_clip().state == "absent"


def test_a_missing_package_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ["typer>=0.1", "no-such-thing-here>=1 ; extra == 'scene'", "x; extra == 'all'"]
    monkeypatch.setattr(health_module.metadata, "requires", lambda name: wanted)
    extras = installed_extras()
    assert extras["scene"] == {"no-such-thing-here": None}
    assert extras["base"]["typer"] is not None
    assert "all" not in extras
