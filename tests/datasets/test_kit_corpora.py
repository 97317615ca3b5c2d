"""The real corpora, where they lie beside the project: counts as their notes state them."""

from collections import Counter
from pathlib import Path

import pytest

from affect_llm.datasets.registry import DATASETS

KIT = Path(__file__).parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.kit,
    pytest.mark.skipif(not KIT.is_dir(), reason="the development data is not beside the project"),
]


@pytest.mark.parametrize(
    ("name", "folder", "counts"),
    [
        ("meld", "text/meld", {"train": 9989, "dev": 1109}),
        ("goemotions", "text/goemotions", {"train": 43410, "dev": 5426}),
        ("dailydialog", "text/dailydialog_reccon", {"train": 8204, "valid": 493}),
        ("emorynlp", "text/emorynlp", {"train": 7551, "dev": 954}),
        ("goemotions-ekman", "text/goemotions", {"dev": 5426}),
        ("ravdess", "speech", {"train": 720, "test": 240}),
        ("emodb", "speech", {"train": 188, "test": 90}),
    ],
)
def test_every_item_is_read(name, folder, counts):
    for split, expected in counts.items():
        samples = list(DATASETS.get(name)(KIT / folder, split, None))
        assert len(samples) == expected
        assert len({sample.id for sample in samples}) == expected
        assert {sample.split for sample in samples} == {split}


@pytest.mark.parametrize(
    ("name", "folder", "total", "skipped"),
    [
        ("xed", "text/xed", 76032 - 1585, 1585),
        ("isear", "text/isear", 6092, 0),
        ("emotiontalk", "text/emotiontalk_zh", 17321, 0),
    ],
)
def test_both_sides_make_up_the_whole(name, folder, total, skipped):
    skips: Counter[str] = Counter()
    train = list(DATASETS.get(name)(KIT / folder, "train", skips))
    test = list(DATASETS.get(name)(KIT / folder, "test", None))
    assert len(train) + len(test) == total
    assert {s.group for s in train}.isdisjoint(s.group for s in test)
    assert skips.total() == skipped
