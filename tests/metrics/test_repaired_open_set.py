"""Repaired scores: no word is dropped, neutral counts, spraying pays."""

import made_up_tables
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affect_llm.labels.emotion_words.vocabulary import EmotionVocabulary as OwnVocabulary
from affect_llm.metrics.emotion_wheel import OfficialVocabulary
from affect_llm.metrics.open_set_score import score_open_set
from affect_llm.metrics.repaired_groups import repaired, repaired_wheels
from affect_llm.metrics.repaired_open_set import score_repaired

WORDS = ["glad", "merry", "low", "blue", "stormy", "paler", "neutral", "junk", "odd"]
LABELS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(str)
RING = "repaired-W1-L1"


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory):
    folder = made_up_tables.write_folder(tmp_path_factory.mktemp("wheels"))
    return OfficialVocabulary.official("2025", folder, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def wheels(vocabulary):
    return repaired_wheels(vocabulary)


def clips(rows):
    return {f"clip_{i:03}": row for i, row in enumerate(rows)}


def test_names_say_that_these_are_not_the_published_scores(wheels):
    assert [w.name for w in wheels][:2] == ["repaired-W1-L1", "repaired-W2-L1"]
    assert wheels[0].version == "repaired-1/official-2025"
    assert len(wheels) == 10


@pytest.mark.parametrize(
    ("word", "group"),
    [
        ("merry", "glad"),
        ("Neutral ", "neutral"),
        ("no emotion", "neutral"),
        ("stormy", "off the wheel: stormy"),  # on wheel 2 only
        ("It's sunny", "glad"),  # the table has a curly apostrophe
        ("Junk", "word: junk"),
        (" ", None),
    ],
)
def test_every_word_has_a_group(wheels, word, group):
    assert wheels[0].group(word) == group


def test_worked_by_hand(wheels):
    """Clip 0: G {glad}, P {glad, junk}: F 2/3. Clip 1: G {neutral}, P {neutral}: 1.
    Clip 2: G {odd}, P {odd, low}: 2/3. Every constant single group gets 1/3 at most: with two,
    2/3 of a clip, twice, over three is 4/9; with all three, 1/2 each.
    """
    gold = clips(["glad", "neutral", "odd", ""])
    said = clips(["merry, warm, junk", "Neutral", "odd; low", "glad"])
    scores = score_repaired(gold, said, wheels)
    ring = scores.metrics[RING]
    assert ring.f1 == pytest.approx(7 / 9)
    assert ring.precision == pytest.approx(2 / 3)
    assert ring.recall == 1.0
    assert ring.constant_f1 == pytest.approx(1 / 2)
    assert ring.skill == pytest.approx((7 / 9 - 1 / 2) / (1 - 1 / 2))
    assert (ring.n, ring.skipped) == (3, {"no gold labels": 1})
    assert scores.predicted.words == {"junk": 1, "odd": 1}
    assert scores.gold.words == {"odd": 1}
    assert (scores.gold_labels, scores.predicted_labels) == (3 / 4, 7 / 4)


def test_junk_costs_here_and_nothing_there(vocabulary, wheels):
    gold, said = clips(["glad"]), clips(["glad, junk, odd, thing"])
    assert score_open_set(gold, said, vocabulary).metrics["M3-W1-L1"].f1 == 1.0
    assert score_repaired(gold, said, wheels).metrics[RING].f1 == pytest.approx(2 / 5)


def test_every_wheel_scores_the_same_clips(wheels):
    scores = score_repaired(clips(["stormy", "neutral", "junk"]), clips(["low"] * 3), wheels)
    assert {metric.n for metric in scores.metrics.values()} == {3}


def test_a_constant_answer_has_no_skill(wheels):
    gold = clips(["glad", "low", "stormy", "neutral", "glad, low"])
    for constant in ("glad", "glad, low", "glad, low, stormy, neutral"):
        scores = score_repaired(gold, dict.fromkeys(gold, constant), wheels)
        assert all(metric.skill <= 0 for metric in scores.metrics.values())


def test_where_a_constant_is_perfect_there_is_no_skill_to_measure(wheels):
    gold = clips(["glad", "glad"])
    assert score_repaired(gold, gold, wheels).metrics[RING].skill is None


def test_gold_without_labels_scores_nothing(wheels):
    ring = score_repaired(clips([""]), clips(["glad"]), wheels).metrics[RING]
    assert (ring.precision, ring.f1, ring.constant_f1, ring.skill, ring.n) == (
        None, None, None, None, 0,
    )  # fmt: skip


def test_any_vocabulary_fits():
    (exact,) = repaired([made_up_tables.ExactWords()])
    scores = score_repaired(clips(["a, b"]), clips(["A, c"]), [exact])
    assert scores.metrics["repaired-exact"].f1 == 0.5


def test_the_shipped_vocabulary_fits():
    own = OwnVocabulary.own("en")
    (inner,) = repaired([own.at("inner")], own.at("family"))
    gold = clips(["scared", "glad", "furious"])
    scores = score_repaired(gold, clips(["afraid", "glad", "sad"]), [inner])
    assert scores.metrics[inner.name].f1 == pytest.approx(2 / 3)
    assert scores.predicted.unknown == 0


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=8), st.randoms())
def test_order_case_and_repeats_do_not_matter(wheels, pairs, random):
    def disturbed(labels):
        words = made_up(labels) * 2
        random.shuffle(words)
        return [random.choice([word.upper(), f" {word} "]) for word in words]

    def made_up(labels):
        return labels.strip("[]").replace("'", "").split(", ")

    gold, said = clips([g for g, _ in pairs]), clips([p for _, p in pairs])
    names = random.sample(list(gold), len(gold))
    before = score_repaired(gold, said, wheels).metrics
    after = score_repaired(
        {name: disturbed(gold[name]) for name in names},
        {name: disturbed(said[name]) for name in names},
        wheels,
    ).metrics
    for name, metric in before.items():
        assert after[name].n == metric.n
        for field in ("precision", "recall", "f1", "skill"):
            assert getattr(after[name], field) == pytest.approx(getattr(metric, field))


@settings(deadline=None, max_examples=40)
@given(LABELS, LABELS, st.sampled_from(["junk", "odd", "stormy", "neutral", "blue"]))
def test_a_wrong_label_more_never_pays(wheels, gold, said, more):
    grouping = wheels[0]
    if grouping.group(more) in {grouping.group(word.strip(" []'")) for word in gold.split(",")}:
        return
    before = score_repaired({"a": gold}, {"a": said}, [grouping]).metrics[RING]
    after = score_repaired({"a": gold}, {"a": f"{said[:-1]}, {more}]"}, [grouping]).metrics[RING]
    assert after.f1 <= before.f1
