"""GoEmotions' grouping and BRIGHTER, written here."""

from collections import Counter
from pathlib import Path

import pytest

from affect_llm.datasets.brighter import read_brighter, read_brighter_intensity
from affect_llm.datasets.goemotions import EKMAN, read_goemotions_ekman
from affect_llm.errors import DataError
from affect_llm.labels.sets import SETS


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_goemotion_is_in_one_group():
    named = [name for names in EKMAN.values() for name in names]
    assert sorted(named) == sorted(SETS["goemotions28"])
    assert set(EKMAN) == set(SETS["ekman7"])


def test_groups_come_once(tmp_path):
    # admiration, love, nervousness
    write(tmp_path / "dev.tsv", "So sweet\t0,18,19\tab1\n")
    (sample,) = read_goemotions_ekman(tmp_path, "dev")
    assert sample.annotations == {"emotions": ["joy", "fear"]}


ENGLISH = "id,text,anger,fear,joy,sadness,surprise\n"


@pytest.mark.parametrize("place", ["track_a/dev/eng.csv", "dev/track_a/eng_a.csv"])
def test_brighter_in_both_layouts(tmp_path, place):
    rows = "e1,What?,1,0,0,0,1\ne2,Fine.,0,0,0,0,0\ne3,Hidden,,,,,\ne4, ,1,0,0,0,0\n"
    write(tmp_path / place, ENGLISH + rows)
    skips: Counter[str] = Counter()
    both, none = read_brighter(tmp_path, "dev", skips)
    assert both.annotations == {
        "emotions": ["anger", "surprise"],
        "labels": list(SETS["brighter5"]),
        "language": "eng",
    }
    assert none.annotations["emotions"] == []
    assert (both.id, both.text) == ("eng-e1", "What?")
    assert skips == {"emotions not published": 1, "no words": 1}


def test_brighter_keeps_intensities(tmp_path):
    head = "id,text,Anger,Disgust,Fear,Joy,Sadness,Surprise\n"
    write(tmp_path / "track_b/test/deu.csv", head + "d1,Mist!,2,1,0,0,0,0\n")
    (sample,) = read_brighter_intensity(tmp_path, "test")
    assert sample.annotations["emotions"] == ["anger", "disgust"]
    assert sample.annotations["intensities"]["anger"] == 2
    with pytest.raises(DataError, match=r"neither .*track_a/test nor .*test/track_a holds"):
        list(read_brighter(tmp_path, "test"))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("id,text,rage\nx,y,1\n", "no columns for emotions"),
        ("id,anger,joy\nx,1,0\n", "has no column text"),
        (ENGLISH + "e1,What?,2,0,0,0,1\n", "line 2: the anger '2' is not between 0 and 1"),
        (ENGLISH + "e1,What?,yes,0,0,0,1\n", "line 2: the anger 'yes'"),
    ],
)
def test_brighter_says_what_is_wrong(tmp_path, table, said):
    write(tmp_path / "track_a/train/eng.csv", table)
    with pytest.raises(DataError, match=said):
        list(read_brighter(tmp_path, "train"))
