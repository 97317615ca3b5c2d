"""Which items a suite measures, and where it looks for them."""

from collections import Counter
from pathlib import Path

import pytest

from affect_llm.datasets.fer2013 import split_of
from affect_llm.errors import DataError
from affect_llm.evaluation.suites.parts import (
    corpus_root,
    data_problem,
    measured_part,
    place_of,
    training_part,
)
from affect_llm.evaluation.suites.suite import (
    Suite,
    load_suite,
    load_suite_or_collection,
    suite_names,
)

SINGLE = [n for n in suite_names() if isinstance(load_suite_or_collection(n), Suite)]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def part(suite: Suite, data: Path, **options) -> tuple[list[str], Counter[str]]:
    left_out: Counter[str] = Counter()
    root = corpus_root(suite, data, data / "scratch")
    split = options.pop("split", suite.split)
    return [s.id for s in measured_part(suite, root, split, left_out, **options)], left_out


def test_one_language_is_one_suite(tmp_path):
    for code in ("eng", "rus"):
        rows = "id,text,anger,fear,joy,sadness,surprise,disgust\nx,Oh,1,0,0,0,0,0\n"
        write(tmp_path / "track_a" / "test" / f"{code}.csv", rows)
    assert part(load_suite("brighter"), tmp_path)[0] == ["eng-x"]
    assert part(load_suite("brighter-rus"), tmp_path)[0] == ["rus-x"]
    with pytest.raises(DataError, match=r"the part 'test' .* has no items .*deu\.csv"):
        part(load_suite("brighter-deu"), tmp_path)


def test_pictures_in_one_table_are_unpacked_and_measured(tmp_path):
    pixels = " ".join(["7"] * 2304)
    other = " ".join(["9"] * 2304)
    write(
        tmp_path / "fer2013.csv",
        f"emotion,pixels,Usage\n3,{pixels},Training\n0,{other},PrivateTest\n",
    )
    suite = load_suite("fer2013")
    assert data_problem(suite, tmp_path) is None
    assert part(suite, tmp_path)[0] == ["test/angry/2"]
    with pytest.raises(DataError, match="1 of the 1 items of 'train' are of the kind"):
        part(suite, tmp_path, split="train")


def test_numbered_pictures_keep_their_side(tmp_path):
    for number in range(40):
        write(tmp_path / "happy" / f"{number}.png", str(number))
    ids, left_out = part(load_suite("fer2013-light"), tmp_path)
    assert ids == [str(n) for n in sorted(range(40), key=str) if split_of(n) == "test"]
    assert left_out["no folder 'sad'"] == 1


def test_the_corpus_is_found_in_a_folder_of_corpora_or_is_the_folder(tmp_path):
    suite = load_suite("meld")
    assert place_of(suite, tmp_path) == tmp_path
    (tmp_path / "meld").mkdir()
    assert place_of(suite, tmp_path) == tmp_path / "meld"
    (tmp_path / "text" / "meld").mkdir(parents=True)
    assert place_of(suite, tmp_path) == tmp_path / "text" / "meld"


@pytest.mark.parametrize("name", SINGLE)
def test_absent_data_says_what_to_put_where(name, tmp_path):
    suite = load_suite(name)
    assert data_problem(suite, tmp_path).endswith(suite.setup)
    with pytest.raises(DataError) as refused:
        part(suite, tmp_path)
    assert str(refused.value).endswith(suite.setup)


def test_actors_that_nobody_trained_on_can_all_be_measured(tmp_path):
    for actor in (14, 20):
        name = f"03-01-05-01-01-01-{actor}.wav"
        write(tmp_path / f"Actor_{actor}" / name, "x")
    suite = load_suite("ravdess")
    assert len(part(suite, tmp_path)[0]) == 2
    training, why = training_part(suite, tmp_path, "test")
    assert (training, why) == ([], "the part 'train' is empty")
    write(tmp_path / "Actor_01" / "03-01-05-01-01-01-01.wav", "x")
    with pytest.raises(DataError, match=r"1 of the 3 items of 'all' .* Measure 'test'"):
        part(suite, tmp_path, split="all")
    assert len(part(suite, tmp_path, split="all", trained_too=True)[0]) == 3
