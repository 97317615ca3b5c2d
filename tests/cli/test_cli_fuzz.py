"""Damaged clips through the whole command: a result or a sentence, whatever is wrong."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from affect_llm.cli.app import app
from affect_llm.types import EmotionResult

sys.path.insert(0, str(Path(__file__).parents[1] / "media"))
from damage import damaged

DEMO = Path(__file__).parents[2] / "examples" / "demo.mp4"
CASES = 60


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_damaged_clip_is_explained_or_refused(tmp_path: Path) -> None:
    files = [tmp_path / f"{seed}.mp4" for seed in range(CASES)]
    for seed, file in enumerate(files):
        file.write_bytes(damaged(DEMO.read_bytes(), 5000 + seed))
    arguments = ["analyze", *map(str, files), "--json", "--reasoner", "fake"]
    result = CliRunner().invoke(app, arguments)
    assert not isinstance(result.exception, Exception), result.exception
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    refused = [line for line in lines if "error" in line]
    assert [line["clip_name"] for line in lines] == [file.name for file in files]
    assert 0 < len(refused) < CASES
    assert result.exit_code == 2
    assert result.stderr.count("\n") == len(refused)
    for line in lines:
        if "error" not in line:
            EmotionResult.model_validate(line)
    assert sorted(tmp_path.iterdir()) == sorted(files)
