import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from affect_llm.cli.models import models_app
from affect_llm.store import entries as entries_module

BODY = b"weight" * 1000
SHA = hashlib.sha256(BODY).hexdigest()
TABLE = f"""
known:
  kind: file
  purpose: a test
  source: here
  revision: r1
  licence: MIT
  extra: whisper
  files:
    - {{path: known.onnx, url: "http://127.0.0.1:9/known.onnx", sha256: "{SHA}"}}
loose:
  kind: file
  purpose: a test
  source: here
  revision: r1
  licence: MIT
  extra: whisper
  files:
    - {{path: loose.json, url: "http://127.0.0.1:9/loose.json"}}
"""
RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AFFECT_LLM_STORE", str(tmp_path / "store"))
    monkeypatch.setattr(entries_module, "_read_table", lambda: TABLE)
    entries_module.entries.cache_clear()
    yield
    entries_module.entries.cache_clear()


def test_list_is_json_on_request() -> None:
    result = RUNNER.invoke(models_app, ["list", "--json"])
    rows = {row["name"]: row for row in json.loads(result.stdout)["models"]}
    assert result.exit_code == 0
    assert rows["known"]["present"] is False
    assert rows["known"]["pinned"] is True
    assert rows["loose"]["pinned"] is False
    assert rows["known"]["licence"] == "MIT"


def test_list_for_people_names_every_weight() -> None:
    result = RUNNER.invoke(models_app, ["list"])
    assert result.exit_code == 0
    assert "known" in result.stdout
    assert "unpinned" in result.stdout


def test_import_list_verify(tmp_path: Path) -> None:
    source = tmp_path / "anything"
    source.write_bytes(BODY)
    imported = RUNNER.invoke(models_app, ["import", str(source)])
    assert imported.exit_code == 0
    assert imported.stdout.strip().endswith("known.onnx")
    row = json.loads(RUNNER.invoke(models_app, ["list", "--json"]).stdout)["models"][0]
    assert Path(row["path"]).read_bytes() == BODY
    verified = RUNNER.invoke(models_app, ["verify"])
    assert verified.exit_code == 0
    assert verified.stdout.strip() == "known: whole"
    Path(row["path"]).write_bytes(BODY[:-1] + b"!")
    changed = RUNNER.invoke(models_app, ["verify"])
    assert changed.exit_code == 2
    assert "corrupt" in changed.stdout
    assert "affect-llm models pull known" in changed.stderr


def test_verify_of_one_that_is_not_here_fails() -> None:
    assert RUNNER.invoke(models_app, ["verify", "known"]).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["pull", "knwon"], "Did you mean 'known'"),
        (["pull", "known", "--yes"], "could not be downloaded"),
        (["pull", "loose"], "not trusted silently"),
        (["import", "nowhere.onnx"], "no file or folder"),
        (["verify", "nothing"], "Known: known, loose"),
    ],
)
def test_mistakes_are_one_sentence_and_exit_2(arguments: list[str], sentence: str) -> None:
    result = RUNNER.invoke(models_app, arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.output


def test_pull_prints_the_licence_and_what_is_unpinned() -> None:
    result = RUNNER.invoke(models_app, ["pull", "loose", "--yes"])
    assert "licence: MIT" in result.stderr
    assert "unpinned: no published sha256 is known for loose.json" in result.stderr
