import pytest

from affect_llm.config import Settings
from affect_llm.datasets.registry import DATASETS
from affect_llm.errors import DataError, UnknownComponent
from affect_llm.evaluation.suites import suite as suites
from affect_llm.evaluation.suites.measurement import suite_settings
from affect_llm.evaluation.suites.suite import (
    Collection,
    Suite,
    load_suite,
    load_suite_or_collection,
    suite_names,
    suites_of,
)
from affect_llm.labels.sets import SETS
from affect_llm.types import Modality

GOOD = {
    "name": "x",
    "title": "X",
    "dataset": "meld",
    "folder": "f",
    "setup": "Put it there.",
    "split": "dev",
    "training_split": "train",
    "splits": ["train", "dev"],
    "held_out": "By dialogue.",
    "labels": "meld7",
    "modalities": ["text"],
    "cluster": "dialogue",
    "metric": "weighted_f1",
    "baselines": ["majority"],
}
SINGLE = [n for n in suite_names() if isinstance(load_suite_or_collection(n), Suite)]
COLLECTIONS = [n for n in suite_names() if n not in SINGLE]


def test_there_are_suites():
    assert {"meld", "emorynlp", "iemocap", "ravdess", "emodb", "fer2013", "goemotions"} <= {*SINGLE}
    assert {"goemotions-ekman", "brighter", "isear", "dailydialog", "emotiontalk"} <= {*SINGLE}
    assert {"emer", "ov-mer", "mer2026", "crema-d", "mosi", "mosei", "ch-sims"} <= {*SINGLE}
    assert {"mer-unibench", "xed"} == set(COLLECTIONS)


@pytest.mark.parametrize("name", SINGLE)
def test_every_suite_names_what_exists(name):
    suite = load_suite(name)
    assert callable(DATASETS.get(suite.dataset))
    assert suite.labels in SETS
    assert all(reference.source for reference in suite.references)
    assert suite_settings(suite, Settings()).labels == suite.labels
    assert "DATA" in suite.setup


@pytest.mark.parametrize("name", SINGLE)
def test_the_splits_of_a_suite_are_those_of_its_reader(name, tmp_path):
    suite = load_suite(name)
    with pytest.raises(DataError) as refused:
        list(DATASETS.get(suite.dataset)(tmp_path, "nosuchsplit", None))
    assert str(refused.value).endswith(f"Known: {', '.join(suite.splits)}.")


@pytest.mark.parametrize("name", SINGLE)
def test_references_are_on_the_scale_of_the_metric(name):
    suite = load_suite(name)
    highest = 10 if suite.task == "emer" else 1
    assert all(0 < reference.value <= highest for reference in suite.references)


def test_unibench_has_nine_parts_and_its_best_row_is_their_mean():
    unibench = load_suite_or_collection("mer-unibench")
    assert isinstance(unibench, Collection)
    parts = suites_of(("mer-unibench",))
    assert len(parts) == 9
    best = "AffectGPT, all three"
    means = {r.system: r.value for r in unibench.references}
    for system in (best, "Emotion-LLaMA, all three", "SALMONN, sound and words"):
        rows = [r.value for suite in parts for r in suite.references if r.system == system]
        assert sum(rows) / 9 == pytest.approx(means[system], abs=1e-4)
    assert all(r.caveat for s in parts for r in s.references if r.system.startswith("AffectGPT"))


def test_scores_of_the_retired_judge_are_marked():
    assert all("retired" in (r.caveat or "") for r in load_suite("emer").references)


def test_a_collection_is_no_suite():
    with pytest.raises(DataError, match="collection of the suites xed-en"):
        load_suite("xed")


def test_parts_come_once():
    assert [s.name for s in suites_of(("xed-en", "xed", "meld"))].count("xed-en") == 1


def test_what_was_trained_on_is_not_what_is_measured():
    learned = {"meld", "goemotions", "dailydialog", "isear", "xed", "emotiontalk", "ravdess",
               "emodb", "fer2013", "goemotions-ekman", "meld-unibench"}  # fmt: skip
    for suite in map(load_suite, SINGLE):
        assert ("train" in suite.trained_on) == (suite.dataset in learned), suite.name
        assert suite.split not in suite.trained_on


@pytest.mark.parametrize(
    "change",
    [
        {"split": "train"},
        {"split": "test"},
        {"trained_on": ["dev"]},
        {"baselines": ["chance"]},
        {"modalities": ["audio"], "baselines": ["tfidf"]},
        {"modalities": []},
        {"metric": "best"},
        {"task": "emer"},
        {"task": "dimensional", "metric": "ccc", "baselines": ["shuffled"]},
        {"dimensions": {"valence": [0, 1]}},
        {"surprise": 1},
    ],
)
def test_a_suite_that_contradicts_itself_is_refused(change):
    assert Suite.model_validate(GOOD).modalities == (Modality.TEXT,)
    with pytest.raises(ValueError, match=r"\w"):
        Suite.model_validate({**GOOD, **change})


def test_an_unknown_suite_gets_a_hint():
    with pytest.raises(UnknownComponent, match="Did you mean 'meld'"):
        load_suite("meldd")


@pytest.mark.parametrize("text", ["title: [", "title: X", "- 1"])
def test_a_file_that_is_no_suite_is_refused(tmp_path, monkeypatch, text):
    (tmp_path / "odd.yaml").write_text(text)
    monkeypatch.setattr(suites, "suites_folder", lambda: tmp_path)
    suites.suite_names.cache_clear()
    try:
        with pytest.raises(DataError, match="does not describe a suite"):
            load_suite("odd")
    finally:
        suites.suite_names.cache_clear()
