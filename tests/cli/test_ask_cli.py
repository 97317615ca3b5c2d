import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from affect_llm.cli.app import app
from affect_llm.types import Reply

FAKE = (
    "--reasoner",
    "fake",
    "--face",
    "off",
    "--voice",
    "off",
    "--speech",
    "off",
    "--scene",
    "off",
)


@pytest.fixture
def words(tmp_path: Path) -> Path:
    file = tmp_path / "words.txt"
    file.write_text("We made it, and I am so happy!")
    return file


def ask(*args: str | Path, lines: str | None = None) -> Result:
    return CliRunner().invoke(app, ["ask", *map(str, args), *FAKE], input=lines)


def test_one_question_is_answered_in_prose(words: Path) -> None:
    result = ask(words, "How sure are you?")
    assert result.exit_code == 0, result.stderr
    assert "not calibrated" in result.stdout


def test_one_question_as_json(words: Path) -> None:
    result = ask(words, "Is she lying?", "--json")
    reply = Reply.model_validate_json(result.stdout)
    assert not reply.answerable
    assert reply.reasons[0].startswith("The cues do not say")
    assert result.exit_code == 0


def test_piped_questions_get_a_json_line_each(words: Path) -> None:
    result = ask(words, lines="why?\n\nHow sure are you?\nWhat is missing?\n")
    replies = [Reply.model_validate_json(line) for line in result.stdout.splitlines()]
    assert [r.question for r in replies] == ["why?", "How sure are you?", "What is missing?"]
    assert result.exit_code == 0


def test_a_question_that_cannot_be_read_stops_no_other(words: Path) -> None:
    result = ask(words, lines="x" * 2000 + "\nHow sure are you?\n")
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert "2000 characters" in first["error"]
    assert second["answerable"]
    assert result.exit_code == 2


def test_mistakes_are_sentences(words: Path, tmp_path: Path) -> None:
    gone = ask(tmp_path / "gone.mp4", "why?")
    assert (gone.exit_code, gone.stdout) == (2, "")
    assert gone.stderr.startswith("error: ")
    blank = ask(words, " ")
    assert blank.exit_code == 2
    assert "question is empty" in blank.stderr


def test_the_same_questions_twice_give_the_same_bytes(words: Path) -> None:
    lines = "why?\nwhy not anger?\n"
    assert ask(words, lines=lines).stdout_bytes == ask(words, lines=lines).stdout_bytes


def test_a_conversation_at_a_terminal_ends_with_ctrl_d(words: Path) -> None:
    code = "from affect_llm.cli import main; main()"
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", code, "ask", str(words), *FAKE],
        stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(theirs)
    os.write(ours, b"How sure are you?\nIs she lying?\n\x04")
    out, err = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0, err
    assert "Ctrl-D ends" in err
    assert "ask>" not in out
    assert "not calibrated" in out
    assert "whether somebody is honest" in out
