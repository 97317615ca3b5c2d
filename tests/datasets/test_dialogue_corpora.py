"""MELD's clips, EmoryNLP, IEMOCAP and DailyDialog as first released, written here."""

from collections import Counter
from pathlib import Path

import pytest

from affect_llm.datasets.dailydialog import read_dailydialog
from affect_llm.datasets.emorynlp import read_emorynlp
from affect_llm.datasets.iemocap import read_iemocap, read_iemocap6
from affect_llm.datasets.meld import read_meld
from affect_llm.errors import DataError

MELD_HEAD = "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_meld_finds_the_clips_beside_the_table(tmp_path):
    rows = "1,Hi,Ross,joy,positive,4,0\n2,Oh,Ross,anger,negative,4,1\n"
    write(tmp_path / "test_sent_emo.csv", MELD_HEAD + rows)
    clip = write(tmp_path / "output_repeated_splits_test" / "dia4_utt1.mp4", "x")
    without, with_clip = read_meld(tmp_path, "test")
    assert without.paths == {}
    assert with_clip.paths == {"video": str(clip)}


def test_meld_raw_has_its_training_table_in_a_folder(tmp_path):
    write(tmp_path / "train" / "train_sent_emo.csv", MELD_HEAD + "1,Hi,R,joy,positive,0,0\n")
    clip = write(tmp_path / "train" / "train_splits" / "dia0_utt0.mp4", "x")
    (sample,) = read_meld(tmp_path, "train")
    assert sample.paths == {"video": str(clip)}


def test_a_dialogue_number_cannot_lead_out_of_the_folder(tmp_path):
    write(tmp_path / "dev_sent_emo.csv", MELD_HEAD + "1,Hi,R,joy,positive,/../../x,0\n")
    with pytest.raises(DataError, match=r"'..' are refused"):
        list(read_meld(tmp_path, "dev"))


def test_emorynlp_groups_by_scene(tmp_path):
    write(
        tmp_path / "emorynlp_dev_final.csv",
        "Utterance,Speaker,Emotion,Scene_ID,Utterance_ID,Season,Episode\n"
        "Thank you.,['Joey Tribbiani'],Peaceful,1,2,1,15\n"
        "No!,\"['Ross Geller', 'Monica Geller']\",Mad,1,3,1,15\n"
        " ,['Ross'],Mad,1,4,1,15\n",
    )
    skips: Counter[str] = Counter()
    first, second = read_emorynlp(tmp_path, "dev", skips)
    assert first.annotations == {"emotion": "peaceful", "speaker": "Joey Tribbiani"}
    assert first.group == second.group == "season 1, episode 15, scene 1"
    assert (first.id, second.annotations["speaker"]) == (
        "dev-1-15-1-2",
        "Ross Geller, Monica Geller",
    )
    assert skips == {"no words": 1}


def iemocap(root: Path) -> Path:
    for number, name in ((1, "Ses01F_impro01"), (2, "Ses02F_script01_1"), (3, "Ses03M_impro02"),
                         (4, "Ses04F_impro03"), (5, "Ses05M_impro04")):  # fmt: skip
        session = root / f"Session{number}"
        codes = ["neu", "exc", "fru", "xxx"]
        rated = "".join(
            f"[{k}.2901 - {k}.9]\t{name}_F00{k}\t{code}\t[2.5000, {k + 1}.0000, 3.0000]\n"
            "C-E2:\tNeutral;\t()\n\n"
            for k, code in enumerate(codes)
        )
        write(session / "dialog/EmoEvaluation" / f"{name}.txt", "% [START - END]\n\n" + rated)
        said = "".join(f"{name}_F00{k} [00{k}.29-00{k}.90]: Line {k}.\n" for k in range(4))
        write(session / "dialog/transcriptions" / f"{name}.txt", said)
        write(session / "sentences/wav" / name / f"{name}_F000.wav", "x")
    return root


def test_iemocap_joins_rating_words_and_sound(tmp_path):
    skips: Counter[str] = Counter()
    calm, excited = read_iemocap(iemocap(tmp_path), "test", skips)
    assert calm.id == "Ses05M_impro04_F000"
    assert calm.annotations == {
        "emotion": "neutral",
        "valence": 2.5,
        "arousal": 1.0,
        "dominance": 3.0,
    }
    assert (calm.text, calm.group) == ("Line 0.", "Ses05F")
    assert Path(calm.paths["audio"]).name == "Ses05M_impro04_F000.wav"
    assert (excited.annotations["emotion"], excited.paths) == ("happy", {})
    assert skips == {"label 'fru'": 1, "label 'xxx'": 1}


def test_six_ways_keep_excited_and_frustrated_apart(tmp_path):
    found = list(read_iemocap6(iemocap(tmp_path), "train"))
    assert len(found) == 12
    assert {s.annotations["emotion"] for s in found} == {"neutral", "excited", "frustrated"}
    assert {s.group[:5] for s in found} == {"Ses01", "Ses02", "Ses03", "Ses04"}


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("Session5/dialog/EmoEvaluation/Ses05M_impro04.txt", "holds no Ses"),
        ("Session5/dialog/transcriptions/Ses05M_impro04.txt", "Ses05M_impro04.txt is missing"),
    ],
)
def test_iemocap_names_the_file_that_is_missing(tmp_path, gone, said):
    (iemocap(tmp_path) / gone).unlink()
    with pytest.raises(DataError, match=said):
        list(read_iemocap(tmp_path, "test"))


def test_iemocap_refuses_a_file_without_ratings(tmp_path):
    write(iemocap(tmp_path) / "Session5/dialog/EmoEvaluation/Ses05M_impro04.txt", "nothing\n")
    with pytest.raises(DataError, match="holds no line such as"):
        list(read_iemocap(tmp_path, "test"))


def test_dailydialog_as_first_released(tmp_path):
    write(tmp_path / "validation/dialogues_validation.txt", "Hi . __eou__ Go away ! __eou__\n")
    write(tmp_path / "validation/dialogues_emotion_validation.txt", "0 1 \n")
    first, second = read_dailydialog(tmp_path, "valid")
    assert first.annotations == {"emotion": "neutral", "speaker": "A"}
    assert second.annotations == {"emotion": "anger", "speaker": "B"}
    assert (second.id, second.group, second.text) == ("valid-1-2", "valid-1", "Go away !")


@pytest.mark.parametrize("marks", ["0\n", "0 9\n", "0 1\n0 1\n"])
def test_dailydialog_refuses_emotions_that_do_not_fit(tmp_path, marks):
    write(tmp_path / "train/dialogues_train.txt", "Hi . __eou__ Go . __eou__\n")
    write(tmp_path / "train/dialogues_emotion_train.txt", marks)
    with pytest.raises(DataError, match=r"emotions for 2 turns|has 1 dialogues"):
        list(read_dailydialog(tmp_path, "train"))
