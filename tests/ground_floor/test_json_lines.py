"""JSON lines end where JSON lines end, and tell where they are wrong."""

from pathlib import Path

import pytest

from affect_llm.errors import DataError
from affect_llm.json_lines import (
    append_lines,
    cut_torn_line,
    numbered_lines,
    read_lines,
    read_objects,
)


def test_only_line_feeds_end_a_line() -> None:
    text = '{"a": "x\u2028y\u0085z\x0b"}\r\n\n  \n{"b": 1}'
    assert list(numbered_lines(text)) == [(1, '{"a": "x\u2028y\u0085z\x0b"}'), (4, '{"b": 1}')]


def test_objects_keep_their_line_numbers(tmp_path: Path) -> None:
    file = tmp_path / "f.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"a": 1}\n\n{"a": 2}\n')
    assert list(read_objects(file)) == [(1, {"a": 1}), (3, {"a": 2})]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"a": 1}\n{"a": ', "line 2 is not JSON"),
        (b'{"a": 1}\n\n[1]', "line 3 is not a JSON object with named values"),
        (b"[" * 100_000, "line 1 is not JSON"),
        (b"\xff", "is not UTF-8 text"),
    ],
)
def test_bad_lines_are_told(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "f.jsonl"
    file.write_bytes(content)
    with pytest.raises(DataError, match=sentence):
        list(read_objects(file))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"f cannot be read: No such file"):
        list(read_lines(tmp_path / "f"))


def test_lines_are_appended_and_a_torn_one_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "new" / "log.jsonl"
    append_lines(file, ["1", "2"])
    file.write_bytes(file.read_bytes() + b'{"torn')
    append_lines(file, ["3"], durable=True)
    append_lines(file, [])
    assert file.read_bytes() == b'1\n2\n{"torn\n3\n'


@pytest.mark.parametrize(
    ("content", "cut", "left"),
    [(b"1\n2\n", False, b"1\n2\n"), (b"1\n2", True, b"1\n"), (b"1", True, b""), (b"", False, b"")],
)
def test_a_torn_line_is_cut(tmp_path: Path, content: bytes, cut: bool, left: bytes) -> None:
    file = tmp_path / "log.jsonl"
    file.write_bytes(content)
    assert cut_torn_line(file) is cut
    assert file.read_bytes() == left
