import pytest

from affect_llm.config import Settings
from affect_llm.datasets.registry import DATASETS
from affect_llm.errors import DataError, UnknownComponent
from affect_llm.evaluation import suite as suites
from affect_llm.evaluation.held_out import suite_settings
from affect_llm.evaluation.scoring import METRICS
from affect_llm.evaluation.suite import Suite, load_suite, suite_names
from affect_llm.labels.sets import SETS

GOOD = {
    "name": "x",
    "title": "X",
    "dataset": "meld",
    "folder": "f",
    "split": "dev",
    "training_split": "train",
    "labels": "meld7",
    "annotation": "emotion",
    "modality": "text",
    "cluster": "dialogue",
    "metric": "weighted_f1",
    "baselines": ["majority"],
}


def test_there_are_suites():
    assert {"meld-text", "ravdess-voice", "fer2013-face-light"} <= set(suite_names())


@pytest.mark.parametrize("name", suite_names())
def test_every_suite_names_what_exists(name):
    suite = load_suite(name)
    assert suite.dataset in DATASETS.names()
    assert callable(DATASETS.get(suite.dataset))
    assert suite.metric in METRICS
    assert suite.labels in SETS
    assert all(reference.source for reference in suite.references)
    assert suite_settings(suite, Settings()).labels == suite.labels


def test_the_part_that_is_measured_is_the_one_kept_for_it():
    kept = {"meld": "dev", "ravdess": "test", "emodb": "test", "fer2013": "test"}
    assert all(load_suite(n).split == kept[load_suite(n).dataset] for n in suite_names())


@pytest.mark.parametrize(
    "change",
    [
        {"archive": "a.npz"},
        {"folder": None},
        {"split": "train"},
        {"baselines": ["chance"]},
        {"modality": "audio", "baselines": ["tfidf"]},
        {"metric": "best"},
        {"surprise": 1},
    ],
)
def test_a_suite_that_contradicts_itself_is_refused(change):
    Suite.model_validate(GOOD)
    with pytest.raises(ValueError, match=r"\w"):
        Suite.model_validate({**GOOD, **change})


def test_an_unknown_suite_gets_a_hint():
    with pytest.raises(UnknownComponent, match="Did you mean 'meld-text'"):
        load_suite("meld-txt")


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
