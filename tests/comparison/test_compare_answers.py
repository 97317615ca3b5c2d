import random
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from affect_llm.comparison import compare_answers
from affect_llm.comparison.answers import jensen_shannon
from affect_llm.comparison.contradictions import contradictions
from affect_llm.errors import ConfigError
from affect_llm.prompting.checker.check import check_all
from affect_llm.prompting.choice import offered_sentences
from affect_llm.types import EmotionResult, Modality, Sentence

sys.path.insert(0, str(Path(__file__).parents[1] / "prompting"))
from ask_clips import CUES, P, asked_clip
from random_sheets import random_clip

SHEET = asked_clip().sheet


def said(text: str, *ids: str) -> Sentence:
    return Sentence(text=text, cue_ids=ids, span=None, support="supported")


def test_distance_by_hand() -> None:
    assert jensen_shannon({"a": 1.0}, {"a": 1.0}) == 0
    assert jensen_shannon({"a": 1.0, "b": 0.0}, {"a": 0.0, "b": 1.0}) == 1
    # middle (3/4, 1/4): (1·log2(4/3) + 1/2·log2(2/3) + 1/2·log2 2) / 2 = 0.3113
    assert jensen_shannon({"a": 1.0}, {"a": 0.5, "b": 0.5}) == pytest.approx(0.3112781**0.5)


@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=8), st.randoms())
def test_distance_is_that_of_scipy_and_has_no_direction(
    weights: list[float], rng: random.Random
) -> None:
    one = {str(n): w / sum(weights) for n, w in enumerate(weights)}
    shuffled = list(one.values())
    rng.shuffle(shuffled)
    two = dict(zip(one, shuffled, strict=True))
    expected = float(jensenshannon(list(one.values()), list(two.values()), base=2))
    # scipy takes the root of a rounding error where the two are equal.
    assert jensen_shannon(one, two) == pytest.approx(expected, abs=1e-6)
    assert jensen_shannon(two, one) == pytest.approx(jensen_shannon(one, two), abs=1e-7)


@pytest.mark.parametrize(
    ("first", "second", "about"),
    [
        (said("The pitch is very high.", "V1"), said("The voice is low pitched.", "V1"), "pitch"),
        (said("The face shows a smile.", "F1"), said("There is no smile.", "F1"), "lip corner"),
        (said("The face shows a marked smile.", "F1"),
         said("The lip corner puller is absent.", "F1", "F3"), "lip corner"),
        (said("The pitch is high, which suggests joy.", "V1"),
         said("The high pitch points to anger.", "V1"), "happiness or anger"),
        (said("The pitch is high, which suggests joy.", "V1"),
         said("The pitch is high, which speaks against joy.", "V1"), "suggested, or opposed"),
        (said("Anger in the voice is likely.", "V3"),
         said("The voice makes anger very unlikely.", "V3"), "how likely anger is"),
    ],
)  # fmt: skip
def test_sentences_that_cannot_both_be_true(first: Sentence, second: Sentence, about: str) -> None:
    (found,) = contradictions([first], [second], SHEET)
    assert about in found.about
    (back,) = contradictions([second], [first], SHEET)
    assert back.cue_ids == found.cue_ids


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (said("The pitch is high.", "V1"), said("The pitch is very high.", "V1")),
        (said("The pitch is high.", "V1"), said("The voice is quiet.", "V2")),
        (said("The pitch is high.", "V1"), said("The pitch is low.", "V2")),
        (said("The pitch is high, which suggests joy.", "V1"),
         said("The pitch is high, in line with happiness.", "V1")),
        (said("A slight smile can be seen.", "F1"), said("The face shows a marked smile.", "F1")),
        (said("Anger in the voice is likely.", "V3"), said("Anger there is possible.", "V3")),
        (said('The words "I am not happy" are said.', "T1"), said("The words suggest joy.", "T1")),
    ],
)  # fmt: skip
def test_sentences_that_can_both_be_true(first: Sentence, second: Sentence) -> None:
    assert contradictions([first], [second], SHEET) == ()


def test_true_sentences_for_one_label_do_not_contradict_each_other() -> None:
    rng = random.Random(3)
    pairs = 0
    for _ in range(16):
        sheet, label, verdicts = random_clip(rng)
        if set(verdicts.values()) != {label}:
            continue
        drafts = [(d.text, d.cue_ids) for g in offered_sentences(sheet, label, verdicts) for d in g]
        told = check_all(drafts, sheet, verdicts, label)
        levels = [c for c in contradictions(told, told, sheet) if "no level" in c.about]
        pairs += len(told) ** 2
        assert levels == []
    assert pairs > 500


def other(**changed: object) -> EmotionResult:
    flipped = {**P, "joy": P["anger"], "anger": P["joy"]}
    told = {Modality.TEXT: "joy", Modality.AUDIO: "joy"}
    return asked_clip(
        labels=("anger",), distribution=flipped, confidence=0.5, modality_verdicts=told,
        explanation=(said("The pitch is high, which points to anger.", "V1"),
                     said("P2 lowers the brows.", "F2")),
    ).model_copy(update=changed)  # fmt: skip


FIRST = asked_clip(
    explanation=(said("The pitch is high, which suggests joy.", "V1"), said("A smile.", "F1"))
)


def test_what_two_answers_share_and_where_they_differ() -> None:
    found = compare_answers(("a", "b"), FIRST, other())
    assert found.same_label is False
    assert found.confidence_gap == pytest.approx(0.12)
    assert found.distance == pytest.approx(jensen_shannon(P, other().distribution or {}))
    assert [(v.modality, v.first, v.second, v.same) for v in found.verdicts] == [
        (Modality.TEXT, "joy", "joy", True),
        (Modality.AUDIO, "anger", "joy", False),
        (Modality.VISUAL, "joy", None, False),
    ]
    cited = found.citations
    assert (cited.both, cited.only_first, cited.only_second) == (("V1",), ("F1",), ("F2",))
    assert len(found.contradictions) == 1


def test_an_answer_is_no_different_from_itself() -> None:
    found = compare_answers(("a", "a again"), FIRST, FIRST)
    assert (found.same_label, found.confidence_gap, found.distance) == (True, 0, 0)
    assert found.citations.only_first == found.citations.only_second == ()
    assert found.contradictions == ()


def test_what_is_missing_is_not_compared() -> None:
    unread = other(labels=(), distribution=None, confidence=None, unparsed="no JSON")
    found = compare_answers(("a", "b"), FIRST, unread)
    assert (found.same_label, found.confidence_gap, found.distance) == (None, None, None)


@pytest.mark.parametrize(
    "changed",
    [{"clip_id": "1" * 64}, {"label_set": ("joy", "anger")},
     {"sheet": asked_clip(cues=CUES[:3]).sheet}],
)  # fmt: skip
def test_answers_for_other_clips_labels_or_cues_are_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        compare_answers(("a", "b"), FIRST, other(**changed))
