"""Hit rate, mscore and hit-or-not, worked by hand on made-up tables."""

import made_up_tables
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affect_llm.errors import DataError
from affect_llm.metrics.emotion_wheel import LEVEL_1, OfficialVocabulary
from affect_llm.metrics.hit_rate import hit_rate

WORDS = ["glad", "merry", "low", "tearful", "stormy", "neutral", "junk"]


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory):
    folder = made_up_tables.write_folder(tmp_path_factory.mktemp("wheels"))
    return OfficialVocabulary.official("2025", folder, tmp_path_factory.mktemp("cache"))


def clips(rows):
    return {f"clip_{i}": row for i, row in enumerate(rows)}


def test_worked_by_hand(vocabulary):
    """Wheel 1, gold glad, low, glad, neutral; K = {glad, low}.

    Hits 1, 0, 1; neutral is on no wheel and is skipped. mscore: {glad, low} ∩ K has two groups,
    so 1/2; nothing of K predicted, so 0; {glad}, so 1. Means 2/3 and 1/2.
    """
    gold = clips(["glad", "low", "glad", "neutral"])
    said = clips(["merry, tearful", "junk", "[warm, cosy]", "neutral"])
    score = hit_rate(gold, said, vocabulary)
    wheel = score.wheels["M3-W1-L1"]
    assert (wheel.hit_rate, wheel.mscore, wheel.n) == (2 / 3, 1 / 2, 3)
    assert wheel.skipped == {"no gold label in a group": 1}
    assert score.mean_labels == 6 / 4
    assert score.n == 4


def test_a_wheel_without_a_clip_leaves_the_mean_undefined(vocabulary):
    """ "low" is not on wheels 3 and 5; the published code has NaN there."""
    score = hit_rate(clips(["low"]), clips(["low"]), vocabulary)
    assert score.wheels["M3-W1-L1"].hit_rate == 1.0
    assert (score.wheels["M3-W3-L1"].hit_rate, score.wheels["M3-W3-L1"].n) == (None, 0)
    assert (score.hit_rate, score.mscore) == (None, None)


def test_all_five_wheels_count_alike(vocabulary):
    score = hit_rate(clips(["glad", "glad"]), clips(["merry", "stormy"]), vocabulary)
    assert score.hit_rate == pytest.approx(0.5)
    assert {wheel.hit_rate for wheel in score.wheels.values()} == {0.5}


def test_gold_of_several_labels_can_hit_more_than_once(vocabulary):
    score = hit_rate(clips(["glad, low"]), clips(["low, glad"]), vocabulary)
    assert score.wheels["M3-W1-L1"].hit_rate == 2.0


def test_gold_in_capitals_is_scored_but_missing_from_the_whole_set(vocabulary):
    """The published code lower-cases the gold of a clip, not the list of all gold labels."""
    wheel = hit_rate(clips(["Glad"]), clips(["glad"]), vocabulary).wheels["M3-W1-L1"]
    assert (wheel.hit_rate, wheel.mscore) == (1.0, 0.0)


def test_spraying_gets_every_hit_and_a_poor_mscore(vocabulary):
    gold = clips(["glad", "low"])
    sprayed = hit_rate(gold, dict.fromkeys(gold, ", ".join(WORDS)), vocabulary)
    assert sprayed.wheels["M3-W1-L1"].hit_rate == 1.0
    assert sprayed.wheels["M3-W1-L1"].mscore == 0.5
    assert sprayed.mean_labels == 7


def test_missing_predictions(vocabulary):
    gold = clips(["glad", "low"])
    with pytest.raises(DataError, match="1 of 2 clips have no prediction: clip_1"):
        hit_rate(gold, clips(["glad"]), vocabulary)
    score = hit_rate(gold, clips(["glad", ""]), vocabulary)
    assert score.wheels["M3-W1-L1"].hit_rate == 0.5


@settings(deadline=None, max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from(WORDS), st.lists(st.sampled_from(WORDS), max_size=4)),
        min_size=1,
        max_size=8,
    ),
    st.randoms(),
)
def test_order_case_and_repeats_do_not_matter(vocabulary, pairs, random):
    def score(rows):
        return hit_rate(clips([g for g, _ in rows]), clips([p for _, p in rows]), vocabulary)

    mixed = [(g, [w.upper() for w in reversed(p * 2)]) for g, p in pairs]
    random.shuffle(mixed)
    before, after = score(pairs).wheels, score(mixed).wheels
    for name in LEVEL_1:
        assert after[name].n == before[name].n
        assert after[name].hit_rate == pytest.approx(before[name].hit_rate)
        assert after[name].mscore == pytest.approx(before[name].mscore)
