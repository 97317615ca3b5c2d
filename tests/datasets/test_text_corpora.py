"""Small corpora in the official layouts, written here."""

import json
from collections import Counter
from pathlib import Path

import pytest

from affect_llm.datasets.dailydialog import read_dailydialog
from affect_llm.datasets.emotiontalk import read_emotiontalk
from affect_llm.datasets.goemotions import read_goemotions
from affect_llm.datasets.isear import read_isear
from affect_llm.datasets.meld import read_meld
from affect_llm.datasets.reader import split_by_group
from affect_llm.datasets.xed import read_xed
from affect_llm.errors import DataError

MELD_HEAD = "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID\n"


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path.parent


def both(reader, root: Path, skips: Counter[str] | None = None):
    return [*reader(root, "train", skips), *reader(root, "test", None)]


def test_meld_yields_words_labels_speaker_and_dialogue(tmp_path):
    root = write(
        tmp_path / "dev_sent_emo.csv",
        MELD_HEAD + '1,"Oh, no!",Ross,surprise,negative,4,0\n2,Fine.,Phoebe,Joy,positive,4,1\n',
    )
    first, second = read_meld(root, "dev")
    assert (first.text, first.group, first.split, first.id) == (
        "Oh, no!",
        "dev-4",
        "dev",
        "dev-4-0",
    )
    assert first.annotations == {
        "emotion": "surprise",
        "sentiment": "negative",
        "speaker": "Ross",
    }
    assert second.annotations["emotion"] == "joy"


def test_meld_counts_rows_without_words(tmp_path):
    root = write(tmp_path / "dev_sent_emo.csv", MELD_HEAD + "1, ,Ross,joy,positive,4,0\n")
    skips: Counter[str] = Counter()
    assert list(read_meld(root, "dev", skips)) == []
    assert skips == {"no words": 1}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("Utterance,Speaker\nhi,Ross\n", "has no column Emotion, Sentiment"),
        ("", "has no column"),
        (MELD_HEAD + "1,hi,Ross,happy,positive,4,0\n", "line 2: 'happy' is not one of"),
    ],
)
def test_meld_says_what_is_wrong_with_the_table(tmp_path, table, said):
    root = write(tmp_path / "dev_sent_emo.csv", table)
    with pytest.raises(DataError, match=said):
        list(read_meld(root, "dev"))


def test_bytes_that_are_not_text_are_refused(tmp_path):
    (tmp_path / "dev_sent_emo.csv").write_bytes(MELD_HEAD.encode() + b"1,\xff\xfe,R,joy,x,1,1\n")
    with pytest.raises(DataError, match="not UTF-8"):
        list(read_meld(tmp_path, "dev"))


@pytest.mark.parametrize(
    "reader", [read_meld, read_goemotions, read_dailydialog, read_xed, read_isear, read_emotiontalk]
)
def test_what_is_missing_is_named(tmp_path, reader):
    with pytest.raises(DataError, match=str(tmp_path)):
        list(reader(tmp_path, "train"))
    with pytest.raises(DataError, match="no split 'validation'"):
        list(reader(tmp_path, "validation"))


def test_goemotions_names_every_label(tmp_path):
    root = write(tmp_path / "dev.tsv", 'So "sad"\t25,27\tab1\n')
    (sample,) = read_goemotions(root, "dev")
    assert (sample.text, sample.id) == ('So "sad"', "ab1")
    assert sample.annotations == {"emotions": ["sadness", "neutral"]}


@pytest.mark.parametrize("line", ["words\t28\tab1\n", "words\tx\tab1\n", "words\t3\n"])
def test_goemotions_refuses_broken_lines(tmp_path, line):
    root = write(tmp_path / "dev.tsv", line)
    with pytest.raises(DataError, match="line 1"):
        list(read_goemotions(root, "dev"))


def test_dailydialog_reads_strays_as_documented(tmp_path):
    turns = [
        {"turn": n, "speaker": "A", "utterance": "Hm .", "emotion": emotion}
        for n, emotion in enumerate(["happy", "anger", "excited", "sad"], start=1)
    ]
    root = write(tmp_path / "dailydialog_valid.json", json.dumps({"va_1": [turns]}))
    skips: Counter[str] = Counter()
    samples = list(read_dailydialog(root, "valid", skips))
    assert [s.annotations["emotion"] for s in samples] == ["happiness", "anger", "sadness"]
    assert {s.group for s in samples} == {"va_1"}
    assert skips == {"label 'excited'": 1}


@pytest.mark.parametrize("text", ["{", '{"va_1": []}', '{"va_1": [[{"turn": 1}]]}', "[1]"])
def test_dailydialog_refuses_other_json(tmp_path, text):
    root = write(tmp_path / "dailydialog_valid.json", text)
    with pytest.raises(DataError, match="not laid out"):
        list(read_dailydialog(root, "valid"))


def test_xed_reads_numbers_from_one_and_skips_broken_lines(tmp_path):
    lines = ["Moment mal!\t1, 7", "17\tDas war", "nichts", "Ja.\t9", '"Er sagte ""nein"""\t8']
    root = write(tmp_path / "de-projections.tsv", "\n".join(lines) + "\n")
    skips: Counter[str] = Counter()
    samples = {s.text: s.annotations for s in both(read_xed, root, skips)}
    assert samples == {
        "Moment mal!": {"emotions": ["anger", "surprise"], "language": "de"},
        'Er sagte "nein"': {"emotions": ["trust"], "language": "de"},
    }
    assert skips == {"de: no list of labels": 3}


def test_isear_keeps_a_respondent_on_one_side(tmp_path):
    rows = "".join(f'{100 + n // 2},shame,"Text, {n}"\n' for n in range(200))
    root = write(tmp_path / "isear.csv", "ID,emotion,text\n" + rows)
    sides: dict[str, set[str]] = {}
    for sample in both(read_isear, root):
        sides.setdefault(sample.group, set()).add(sample.split)
    assert len(sides) == 100
    assert all(len(side) == 1 for side in sides.values())
    assert set.union(*sides.values()) == {"train", "test"}


def test_emotiontalk_takes_out_the_marks_and_keeps_valence(tmp_path):
    root = write(
        tmp_path / "emotiontalk.csv",
        "emotion,chinese,utt,valence\n"
        "angry,[over/]他都[/over]得知道。[interrupted],G1_42_14_001,-0.4\n"
        "sad,[laughing],G1_42_14_002,0.0\n",
    )
    skips: Counter[str] = Counter()
    split = split_by_group("G1_42")
    (sample,) = read_emotiontalk(root, split, skips)
    assert sample.text == "他都得知道。"
    assert sample.annotations == {"emotion": "angry", "valence": -0.4, "language": "zh"}
    assert skips == {"no words": 1}


@pytest.mark.parametrize("valence", ["", "3", "nan"])
def test_emotiontalk_refuses_valence_out_of_range(tmp_path, valence):
    root = write(
        tmp_path / "emotiontalk.csv", f"emotion,chinese,utt,valence\nsad,好,G1_42_1_1,{valence}\n"
    )
    with pytest.raises(DataError, match="line 2"):
        both(read_emotiontalk, root)


def test_about_a_tenth_is_held_out_and_never_moves():
    sides = Counter(split_by_group(f"speaker {n}") for n in range(2000))
    assert 150 < sides["test"] < 250
    assert [split_by_group(name) for name in ("11001", "21012")] == ["train", "test"]
