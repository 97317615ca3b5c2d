from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from affect_llm.datasets.crema_d import read_crema_d
from affect_llm.datasets.emodb import read_emodb
from affect_llm.datasets.fer2013 import SPLITS, read_fer2013, split_of
from affect_llm.datasets.fer2013_packed import read_fer2013_arrays, unpacked_fer2013
from affect_llm.datasets.ravdess import read_ravdess
from affect_llm.errors import DataError
from affect_llm.labels.sets import SETS

HEAD = "file\tcorpus\tlang\temotion\tintensity\tspeaker\tsex\ttranscript\tdur_s\n"
NAMES = ["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_ravdess_reads_the_file_names(tmp_path):
    touch(tmp_path / "Actor_12" / "03-01-06-02-02-01-12.wav")
    touch(tmp_path / "Actor_13" / "03-01-02-01-01-01-13.wav")
    touch(tmp_path / "Actor_13" / "03-02-02-01-01-01-13.wav")
    skips: Counter[str] = Counter()
    (trained,) = read_ravdess(tmp_path, "train")
    (held,) = read_ravdess(tmp_path, "test", skips)
    assert trained.annotations == {"emotion": "fearful", "intensity": "strong"}
    assert (trained.text, trained.group) == ("Dogs are sitting by the door", "ravdess-12")
    assert held.annotations == {"emotion": "calm", "intensity": "normal"}
    assert Path(held.paths["audio"]).is_file()
    assert skips == {"a name that is not RAVDESS's": 1}


def test_a_corpus_that_was_unpacked_twice_counts_once(tmp_path):
    for folder in ("Actor_13", "copy/Actor_13"):
        touch(tmp_path / folder / "03-01-02-01-01-01-13.wav")
    skips: Counter[str] = Counter()
    assert len(list(read_ravdess(tmp_path, "test", skips))) == 1
    assert skips == {"a second copy of a recording": 1}


def test_both_layouts_of_ravdess_say_the_same(tmp_path):
    name = "Actor_14/03-01-08-01-01-02-14.flac"
    touch(tmp_path / name)
    row = (
        f"{name}\travdess\ten\tsurprised\tnormal\travdess_14\tF\tKids are talking by the door\t1\n"
    )
    by_name = list(read_ravdess(tmp_path, "test"))
    (tmp_path / "labels.tsv").write_text(HEAD + row)
    assert list(read_ravdess(tmp_path, "test")) == by_name


def test_emodb_reads_table_and_file_names(tmp_path):
    touch(tmp_path / "wav" / "03a01Wa.wav")
    touch(tmp_path / "wav" / "11a01Lc.wav")
    (trained,) = read_emodb(tmp_path, "train")
    (held,) = read_emodb(tmp_path, "test")
    assert (trained.annotations, trained.group) == ({"emotion": "anger"}, "emodb-03")
    assert (held.annotations, held.text) == ({"emotion": "boredom"}, None)
    rows = [
        "wav/11a01Lc.wav\temodb_2s\tde\tboredom\t\temodb_11\tM\tDer Lappen.\t1\n",
        "x.wav\travdess\ten\tsad\t\travdess_11\tM\tDogs\t1\n",
    ]
    (tmp_path / "labels.tsv").write_text(HEAD + "".join(rows))
    (listed,) = read_emodb(tmp_path, "test")
    assert (listed.id, listed.text) == ("11a01Lc", "Der Lappen.")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("no.wav\temodb\tde\tanger\t\temodb_03\tM\tx\t1\n", "no.wav is missing"),
        ("a.wav\temodb\tde\tjoy\t\temodb_03\tM\tx\t1\n", "'joy' is not one of"),
        ("a.wav\temodb\tde\tanger\t\tsomebody\tM\tx\t1\n", "no speaker number"),
    ],
)
def test_a_broken_table_of_recordings_is_refused(tmp_path, row, said):
    touch(tmp_path / "a.wav")
    (tmp_path / "labels.tsv").write_text(HEAD + row)
    with pytest.raises(DataError, match=said):
        list(read_emodb(tmp_path, "train"))


@pytest.mark.parametrize("reader", [read_ravdess, read_emodb, read_fer2013])
def test_an_empty_folder_is_refused(tmp_path, reader):
    with pytest.raises(DataError, match="not laid out as documented"):
        list(reader(tmp_path, "test"))


def pack(path: Path, count: int = 40, **changes: np.ndarray) -> Path:
    rng = np.random.default_rng(1)
    arrays = {
        "images": rng.integers(256, size=(count, 48, 48), dtype=np.uint8),
        "labels": (np.arange(count) % 7).astype(np.uint8),
        "label_names": np.array(NAMES),
        "ids": np.arange(count, dtype=np.int32),
    }
    np.savez(path, **{**arrays, **changes})
    return path


def test_unpacked_pictures_are_those_of_the_file(tmp_path):
    from PIL import Image

    archive = pack(tmp_path / "fer.npz")
    pictures = {str(p.id): p for p in read_fer2013_arrays(archive)}
    root = unpacked_fer2013(archive, tmp_path / "faces")
    samples = [s for side in SPLITS for s in read_fer2013(root, side)]
    assert len(samples) == 40
    for sample in samples:
        assert sample.annotations["emotion"] == pictures[sample.id].label
        assert np.array_equal(Image.open(sample.paths["image"]), pictures[sample.id].image)
        assert sample.split == split_of(int(sample.id))


def test_unpacking_again_writes_nothing(tmp_path):
    archive = pack(tmp_path / "fer.npz", count=3)
    root = unpacked_fer2013(archive, tmp_path)
    before = {p: p.stat().st_mtime_ns for p in root.glob("*/*.png")}
    assert len(before) == 3
    assert unpacked_fer2013(archive, tmp_path) == root
    assert before == {p: p.stat().st_mtime_ns for p in root.glob("*/*.png")}
    assert unpacked_fer2013(pack(tmp_path / "fer2013_other.npz", count=2), tmp_path) != root


def test_broken_arrays_are_refused(tmp_path):
    with pytest.raises(DataError, match="shape"):
        list(read_fer2013_arrays(pack(tmp_path / "a.npz", images=np.zeros((40, 9, 9), np.uint8))))
    names = np.array(["rage", *NAMES[1:]])
    with pytest.raises(DataError, match="'rage'"):
        list(read_fer2013_arrays(pack(tmp_path / "b.npz", label_names=names)))
    np.savez(tmp_path / "c.npz", images=np.zeros(3))
    with pytest.raises(DataError, match="holds no array ids, label_names, labels"):
        list(read_fer2013_arrays(tmp_path / "c.npz"))


def test_a_class_without_a_folder_is_counted_and_none_at_all_is_refused(tmp_path):
    held = next(n for n in range(99) if split_of(n) == "test")
    (tmp_path / "Sad").mkdir()
    (tmp_path / "Sad" / f"{held}.png").write_bytes(b"x")
    skips: Counter[str] = Counter()
    (sample,) = read_fer2013(tmp_path, "test", skips)
    assert (sample.id, sample.annotations) == (str(held), {"emotion": "sad"})
    assert skips == {f"no folder '{label}'": 1 for label in SETS["fer7"] if label != "sad"}


def test_folders_that_name_a_split_keep_it(tmp_path):
    trained = next(n for n in range(99) if split_of(n) == "train")
    held = next(n for n in range(99) if split_of(n) == "test")
    for name in ("train/sad/Training_1.jpg", f"test/sad/PublicTest_{trained}.jpg",
                 f"test/sad/PublicTest_{held}.jpg", f"test/happy/PrivateTest_{trained}.jpg",
                 "test/happy/a.jpg"):  # fmt: skip
        touch(tmp_path / name).write_bytes(name.encode())
    (tmp_path / "test/happy/copy.jpg").write_bytes(b"train/sad/Training_1.jpg")
    skips: Counter[str] = Counter()
    found = {s.id: s.annotations["emotion"] for s in read_fer2013(tmp_path, "test", skips)}
    assert found == {
        f"test/sad/PublicTest_{held}": "sad",
        f"test/happy/PrivateTest_{trained}": "happy",
        "test/happy/a": "happy",
    }
    assert skips["a picture of PublicTest that the face heads may know"] == 1
    assert skips["a copy of a picture in an earlier part"] == 1
    assert [s.id for s in read_fer2013(tmp_path, "train")] == ["train/sad/Training_1"]
    with pytest.raises(DataError, match="holds train, test and no validation"):
        list(read_fer2013(tmp_path, "validation"))


def fer_table(path: Path, *rows: str) -> Path:
    path.write_text("emotion,pixels,Usage\n" + "".join(f"{row}\n" for row in rows))
    return path


def test_the_first_release_becomes_folders(tmp_path):
    from PIL import Image

    black, white = " ".join(["0"] * 2304), " ".join(["255"] * 2304)
    fer_table(tmp_path / "fer2013.csv", f"3,{black},Training", f"0,{white},PrivateTest")
    root = unpacked_fer2013(tmp_path, tmp_path / "out")
    (trained,), (held,) = read_fer2013(root, "train"), read_fer2013(root, "test")
    assert trained.annotations == {"emotion": "happy"}
    assert (held.annotations, held.id) == ({"emotion": "angry"}, "test/angry/2")
    assert np.asarray(Image.open(held.paths["image"])).min() == 255


@pytest.mark.parametrize(
    "row", ["3,1 2 3,Training", "9,{},Training", "3,{},Other", "x,{},Training"]
)
def test_a_row_that_is_no_picture_is_named(tmp_path, row):
    table = fer_table(tmp_path / "fer2013.csv", row.format(" ".join(["0"] * 2304)))
    with pytest.raises(DataError, match="line 2: expected an emotion from 0 to 6"):
        unpacked_fer2013(table, tmp_path / "out")


@pytest.mark.parametrize("content", [b"", b"not an archive"])
def test_a_file_that_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "fer2013.npz").write_bytes(content)
    with pytest.raises(DataError, match="cannot be read as plain arrays"):
        unpacked_fer2013(tmp_path, tmp_path / "out")


def test_pickled_arrays_are_refused(tmp_path):
    pack(tmp_path / "fer2013.npz", label_names=np.array(NAMES, dtype=object))
    with pytest.raises(DataError, match="cannot be read as plain arrays"):
        unpacked_fer2013(tmp_path, tmp_path / "out")


def test_crema_d_reads_the_file_names(tmp_path):
    touch(tmp_path / "AudioWAV" / "1001_DFA_ANG_XX.wav")
    touch(tmp_path / "AudioWAV" / "1080_IEO_SAD_HI.wav")
    touch(tmp_path / "AudioWAV" / "1080_ZZZ_SAD_HI.wav")
    skips: Counter[str] = Counter()
    (trained,) = read_crema_d(tmp_path, "train")
    (held,) = read_crema_d(tmp_path, "test", skips)
    assert trained.annotations == {"emotion": "anger", "intensity": "unspecified"}
    assert (held.text, held.group) == ("It's eleven o'clock.", "cremad-1080")
    assert skips == {"a name that is not CREMA-D's": 1}


@pytest.mark.parametrize("name", ["../a.wav", "/etc/passwd", "x/../../a.wav", "..\\a.wav", " "])
def test_a_table_cannot_lead_out_of_its_folder(tmp_path, name):
    root = tmp_path / "corpus"
    root.mkdir()
    touch(tmp_path / "a.wav")
    (root / "labels.tsv").write_text(HEAD + f"{name}\temodb\tde\tanger\t\temodb_03\tM\tx\t1\n")
    with pytest.raises(DataError, match=r"line 2: .* is not the name of a file below"):
        list(read_emodb(root, "train"))


def test_what_is_held_out_here_is_not_trained_on():
    from workshop.face import split as face_training

    sides = Counter(split_of(number) for number in range(5000))
    assert all(split_of(number) == face_training.split_of(number) for number in range(5000))
    assert sides["test"] == pytest.approx(1000, abs=100)


def test_a_copy_of_a_trained_picture_is_not_held_out(tmp_path):
    trained = next(n for n in range(99) if split_of(n) == "train")
    held = [n for n in range(99) if split_of(n) == "test"][:2]
    for label in SETS["fer7"]:
        (tmp_path / label).mkdir()
    for number, content in ((trained, b"same"), (held[0], b"same"), (held[1], b"other")):
        (tmp_path / "sad" / f"{number}.png").write_bytes(content)
    skips: Counter[str] = Counter()
    assert [s.id for s in read_fer2013(tmp_path, "test", skips)] == [str(held[1])]
    assert skips == {"a copy of a picture in an earlier part": 1}
