"""MER-UniBench's sets, sentiment clips, open labels and descriptions, written here."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from affect_llm.datasets.described import read_emer, read_open_set
from affect_llm.datasets.sentiment_clips import read_ch_sims, read_mosei, read_mosi
from affect_llm.datasets.unibench import (
    read_iemocap_unibench,
    read_meld_unibench,
    read_mer2023,
    read_mer2024,
)
from affect_llm.errors import DataError


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def pack(path: Path, **corpora: dict[str, object]) -> Path:
    np.savez(path, **{name: np.array(value, dtype=object) for name, value in corpora.items()})
    return path


def test_mer2023_reads_labels_words_and_clips(tmp_path):
    pack(
        tmp_path / "label-6way.npz",
        train_corpus={"t": {"emo": "sad", "val": 1.0}},
        test1_corpus={"s1": {"emo": "happy", "val": 2.5}, "s2": {"emo": "", "val": ""}},
    )
    write(tmp_path / "transcription-engchi-polish.csv", "name,english,chinese\ns1,Well.,好。\n")
    clip = write(tmp_path / "video/s1.avi", "x")
    skips: Counter[str] = Counter()
    (sample,) = read_mer2023(tmp_path, "test1", skips)
    assert (sample.id, sample.annotations) == ("s1", {"emotion": "happy"})
    assert (sample.text, sample.paths) == ("Well.", {"video": str(clip)})
    assert skips == {"no gold value": 1}
    with pytest.raises(DataError, match="holds no dictionary 'test2_corpus'; it has test1_corpus"):
        list(read_mer2023(tmp_path, "test2"))


def test_mer2024_reads_chinese(tmp_path):
    pack(tmp_path / "label-6way.npz", test1_corpus={"s1": {"emo": "worried"}})
    write(tmp_path / "transcription_merge.csv", "name,chinese\ns1,好。\n")
    (sample,) = read_mer2024(tmp_path, "test1")
    assert (sample.text, sample.annotations) == ("好。", {"emotion": "worried"})


def test_numbers_are_read_as_the_sets_number_them(tmp_path):
    pack(tmp_path / "label.npz", test_corpus={"dia0_utt1": {"emo": 6}})
    (sample,) = read_meld_unibench(tmp_path, "test")
    assert (sample.annotations, sample.group) == ({"emotion": "surprise"}, "dia0")


def test_iemocap_is_split_by_session(tmp_path):
    names = ("Ses01F_impro01_F000", "Ses05F_impro01_M003")
    pack(tmp_path / "label_4way.npz", whole_corpus={name: {"emo": 3} for name in names})
    (trained,), (held,) = (read_iemocap_unibench(tmp_path, s) for s in ("train", "test"))
    assert (trained.id, held.id, held.group) == (*names, "Ses05M")
    assert held.annotations == {"emotion": "anger"}


@pytest.mark.parametrize("emo", ["rage", 9, 1.5])
def test_a_strange_label_names_its_clip(tmp_path, emo):
    pack(tmp_path / "label.npz", test_corpus={"dia0_utt1": {"emo": emo}})
    with pytest.raises(DataError, match=r"label.npz.*is not one of the labels"):
        list(read_meld_unibench(tmp_path, "test"))


def test_a_pickle_that_would_run_something_is_not_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "ran",))

    pack(tmp_path / "label.npz", test_corpus={"a": Trap()})
    with pytest.raises(DataError, match="not read"):
        list(read_meld_unibench(tmp_path, "test"))
    assert not (tmp_path / "ran").exists()


def test_a_name_in_an_archive_cannot_lead_out(tmp_path):
    pack(tmp_path / "label-6way.npz", test1_corpus={"../../etc/x": {"emo": "happy"}})
    with pytest.raises(DataError, match="are refused"):
        list(read_mer2023(tmp_path, "test1"))


def test_sentiment_in_both_layouts(tmp_path):
    pack(tmp_path / "npz_label.npz", test_corpus={"vid_3": {"emo": 0, "val": -2.4}})
    (tmp_path / "npz").mkdir()
    (tmp_path / "npz_label.npz").rename(tmp_path / "npz" / "label.npz")
    (packed,) = read_mosei(tmp_path / "npz", "test")
    assert (packed.annotations, packed.group) == ({"sentiment": -2.4}, "vid")
    table = "video_id,clip_id,text,label,label_T,annotation,mode\n"
    rows = "v1,0001,好,-0.8,0,Negative,test\nv1,0002,是,0.2,0,Positive,valid\n"
    write(tmp_path / "csv" / "label.csv", table + rows)
    clip = write(tmp_path / "csv/Raw/v1/0001.mp4", "x")
    (listed,) = read_ch_sims(tmp_path / "csv", "test")
    assert (listed.id, listed.text, listed.annotations) == ("v1/0001", "好", {"sentiment": -0.8})
    assert listed.paths == {"video": str(clip)}
    assert [s.id for s in read_ch_sims(tmp_path / "csv", "val")] == ["v1/0002"]


def test_sentiment_out_of_range_is_named(tmp_path):
    table = "video_id,clip_id,text,label,mode\nv1,1,a,-3.5,test\n"
    write(tmp_path / "label.csv", table)
    with pytest.raises(DataError, match=r"line 2: the sentiment '-3.5' is not between -3 and 3"):
        list(read_mosi(tmp_path, "test"))
    pack(tmp_path / "label.npz", test_corpus={"v_1": {"val": float("inf")}})
    (tmp_path / "label.csv").unlink()
    with pytest.raises(DataError, match="clip v_1: the sentiment inf is not between"):
        list(read_mosi(tmp_path, "test"))


@pytest.mark.parametrize("name", ["ovlabel.csv", "track2_train_ovmerd.csv", "openset.csv"])
def test_open_labels_are_read_as_printed(tmp_path, name):
    write(tmp_path / name, "name,openset\ns1,\"['eager', 'happy']\"\ns2,[]\n")
    write(tmp_path / "subtitle_chieng.csv", "name,chinese,english\ns1,好,Good.\n")
    skips: Counter[str] = Counter()
    (sample,) = read_open_set(tmp_path, "test", skips)
    assert sample.annotations == {"openset": ["eager", "happy"]}
    assert sample.text == "Good."
    assert skips == {"no labels": 1}


def test_descriptions_in_both_versions(tmp_path):
    head = "names,emotions,subtitles,reasons\n"
    write(tmp_path / "v1" / "gt-eng.csv", head + "s1,happy,Good.,She smiles.\ns2,sad,,\n")
    skips: Counter[str] = Counter()
    (first,) = read_emer(tmp_path / "v1", "test", skips)
    assert (first.text, first.annotations["reason"]) == ("Good.", "She smiles.")
    assert skips == {"no description": 1}
    write(tmp_path / "v2" / "final-EMER-reason.csv", "names,chinese,english\ns1,笑,She smiles.\n")
    (second,) = read_emer(tmp_path / "v2", "test")
    assert second.annotations == {"reason": "She smiles.", "language": "en"}


@pytest.mark.parametrize("reader", [read_open_set, read_emer])
def test_all_names_that_would_do_are_listed(tmp_path, reader):
    with pytest.raises(DataError, match=r"holds none of .*csv"):
        list(reader(tmp_path, "test"))


def test_a_clip_without_a_name_is_refused(tmp_path):
    write(tmp_path / "openset.csv", "name,openset\n,[happy]\n")
    with pytest.raises(DataError, match="line 2: the clip has no name"):
        list(read_open_set(tmp_path, "test"))
