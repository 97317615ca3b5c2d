import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from scripted_reasoner import ScriptedReasoner, asker

from affect_llm.errors import DataError
from affect_llm.evaluation.judges.replies import Asker, Reply, ReplyLog
from affect_llm.evaluation.judges.saved_replies import read_saved_replies
from affect_llm.evaluation.judges.set_level import UNREAD, judge_set_level
from affect_llm.evaluation.judges.synonyms import read_grouping, union
from affect_llm.metrics.set_level import set_level_score

WORDS = ("angry", "happy", "joyful", "sad")


def grouped(text: str) -> tuple[tuple[str, ...], ...] | None:
    return read_grouping(Reply(key="k", model="m", text=text, finish="stop"), WORDS).groups


def test_the_union_is_in_order_whatever_the_lists_order() -> None:
    assert union(["sad", "happy"], ["joyful", "happy"]) == ("happy", "joyful", "sad")


@pytest.mark.parametrize(
    "text",
    [
        '{"groups": [["happy", "joyful"], ["angry"], ["sad"]]}',
        "[['happy', 'joyful'], ['angry'], ['sad']]",
        'Output: [["happy","joyful"],["angry"],["sad"]].',
        "[[happy, joyful], [angry], [sad]]",
        "[['Happy ', 'JOYFUL'], ['angry'], ['sad'], ['glee']]",
    ],
)
def test_groups_in_every_notation(text: str) -> None:
    assert grouped(text) == (("happy", "joyful"), ("angry",), ("sad",))


def test_groups_that_share_a_word_are_one() -> None:
    assert grouped('{"groups": [["happy", "joyful"], ["sad"], ["joyful", "angry"]]}') == (
        ("sad",),
        ("happy", "joyful", "angry"),
    )


@pytest.mark.parametrize("text", ["", "happy and joyful", '{"groups": "happy"}', '{"x": 1}'])
def test_what_is_no_grouping_stays_unread(text: str) -> None:
    assert grouped(text) is None


def test_scores_of_a_judge_that_knows_one_pair_of_synonyms() -> None:
    # groups: {happy, joyful}, sad, angry.  a: G {happy, sad}, P {joyful} -> accuracy 1, recall 1/2
    # b: G {angry}, P {angry, sad} -> accuracy 1/2, recall 1
    reply = '{"groups": [["happy", "joyful"]]}'
    report = judge_set_level(
        {"a": "[happy, sad]", "b": ["angry"], "c": ["sad"]},
        {"a": "[Joyful]", "b": "[angry, sad]"},
        asker(lambda prompt: reply),
    )
    assert (report.accuracy.value, report.recall.value, report.score.value) == (0.75, 0.75, 0.75)
    assert report.score.skipped == {"no prediction": 1}
    assert report.unknown == 2


def test_a_grouping_that_cannot_be_read_is_counted() -> None:
    report = judge_set_level(
        {"a": ["happy"], "b": ["sad"]},
        {"a": ["joyful"], "b": ["sad"]},
        asker(lambda prompt: "I would rather not."),
    )
    assert (report.score.value, report.score.n) == (1, 1)
    assert report.score.skipped == {UNREAD: 1}


def test_one_word_needs_no_judge() -> None:
    reasoner = ScriptedReasoner(lambda prompt: "")
    judge_set_level({"a": ["sad"]}, {"a": ["Sad"]}, Asker(reasoner, ReplyLog(), 4))
    assert reasoner.asked == []


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "openset-synonym"
    folder.mkdir()
    np.save(folder / "a.npy", np.array("[['happy', 'joyful'], ['sad']]"))
    np.save(folder / "b.npy", np.array("[['angry'], ['愤怒']]"))
    return folder


def test_saved_replies_of_a_folder_and_a_zip(saved: Path) -> None:
    archive = saved.parent / "openset-synonym.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in saved.iterdir():
            file.write(path, f"openset-synonym/{path.name}")
    found = read_saved_replies(saved)
    assert found == read_saved_replies(archive)
    assert found["b"] == "[['angry'], ['愤怒']]"
    score = set_level_score({"a": "[happy]"}, {"a": "[joyful]"}, found)
    assert score.score == 1


def test_pickles_in_saved_replies_are_refused_and_not_run(saved: Path) -> None:
    np.save(saved / "c.npy", np.array({"a": 1}, dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match="Pickled objects are never read"):
        read_saved_replies(saved)


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00\x02\x00{}", b"\x93NUMPY\x09\x00" + b"x" * 200]
)
def test_damaged_saved_replies_are_named(saved: Path, data: bytes) -> None:
    (saved / "c.npy").write_bytes(data)
    with pytest.raises(DataError, match=r"c\.npy is not one string"):
        read_saved_replies(saved)


def test_a_header_is_not_believed(saved: Path) -> None:
    header = json.dumps({"descr": "<U900000000", "fortran_order": False, "shape": []})
    text = header.replace("false", "False").replace("[]", "()").ljust(117) + "\n"
    (saved / "c.npy").write_bytes(
        b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()
    )
    with pytest.raises(DataError, match=r"c\.npy is not one string"):
        read_saved_replies(saved)


def test_two_replies_of_one_clip_and_none_at_all(saved: Path, tmp_path: Path) -> None:
    (saved / "more").mkdir()
    np.save(saved / "more" / "a.npy", np.array("[]"))
    with pytest.raises(DataError, match="two saved replies for 'a'"):
        read_saved_replies(saved)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DataError, match="holds no saved replies"):
        read_saved_replies(empty)
    with pytest.raises(DataError, match="neither a folder nor a zip"):
        read_saved_replies(tmp_path / "nothing.zip")
