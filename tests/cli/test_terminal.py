"""What a person has at a real terminal: answers reach the file, bars and errors the screen."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

ANALYZE = [sys.executable, "-c", "from affect_llm.cli import main; main()", "analyze"]
FAKE = ["--reasoner", "fake", "--modalities", "text", "--json"]


def at_a_terminal(arguments: list[str], stdout: int | None = None) -> tuple[int, str]:
    """Exit code and what the terminal shows; stdout is the terminal too unless a file is given."""
    screen, side = pty.openpty()
    process = subprocess.Popen(
        arguments, stdin=side, stdout=side if stdout is None else stdout, stderr=side
    )
    os.close(side)
    shown = b""
    try:
        while piece := os.read(screen, 65536):
            shown += piece
    except OSError:  # how Linux says that the other side is closed
        pass
    os.close(screen)
    return process.wait(timeout=60), shown.decode("utf-8", "replace")


@pytest.fixture
def texts(tmp_path: Path) -> list[str]:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("I love this.", encoding="utf-8")
    return [str(tmp_path / f"{name}.txt") for name in "ab"]


def test_json_goes_into_a_file_while_a_bar_is_on_the_screen(
    texts: list[str], tmp_path: Path
) -> None:
    rows = tmp_path / "rows.jsonl"
    with rows.open("wb") as file:
        code, shown = at_a_terminal([*ANALYZE, *texts, *FAKE], file.fileno())
    assert code == 0
    assert rows.read_text(encoding="utf-8").count('"clip_name"') == 2
    assert "explaining" in shown
    assert "clip_name" not in shown


def test_json_is_on_the_screen_where_stdout_is_the_screen(texts: list[str]) -> None:
    code, shown = at_a_terminal([*ANALYZE, *texts, *FAKE])
    assert code == 0
    assert shown.count('"clip_name"') == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_a_sentence(texts: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*ANALYZE, *texts, *FAKE], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.decode().strip() == "error: No space left on device"


def test_a_file_name_cannot_steer_the_terminal(tmp_path: Path) -> None:
    missing = tmp_path / "\x1b[2Jgone\x07.wav"
    code, shown = at_a_terminal([*ANALYZE, str(missing), *FAKE])
    assert code == 2
    assert "\x1b" not in shown
    assert "\\x1b[2Jgone\\x07.wav" in shown
