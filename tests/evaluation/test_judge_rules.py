import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from affect_llm.evaluation.judges.affinity import GROUPS, affinity
from affect_llm.evaluation.judges.clues import clues_of
from affect_llm.evaluation.judges.judge import OverlapQuestion
from affect_llm.evaluation.judges.judgement import Aspect, Judgement
from affect_llm.evaluation.judges.rules import RuleJudge, best_pairing
from affect_llm.prompting.checker.lexicon import lexicon

JUDGE = RuleJudge()


def judged(aspect: Aspect, reference: str, candidate: str) -> Judgement:
    [judgement] = JUDGE.judge([OverlapQuestion("a", aspect, reference, candidate)])
    return judgement


# Worked by hand: score = 20 * credit / (clues of one + clues of the other).
CLUES = [
    ("She smiles.", "A grin can be seen.", 10),
    ("She smiles.", "The lip corner puller (AU12) is marked.", 10),
    ("She smiles.", "She does not smile.", 0),
    ("She smiles broadly.", "There is a faint smile.", 5),  # 20 * .5 / 2
    ("The cheeks are raised.", "She smiles.", 5),  # one group, 20 * .5 / 2
    ("The voice is loud.", "The voice is quiet.", 0),
    ("The pitch is high and the speech is fast.", "The pitch is high.", 20 / 3),
    ("She frowns and shouts.", "She frowns, shouts and speaks slowly.", 8),  # 20 * 2 / 5
    ("The voice is loud.", "Vocal arousal is high.", 5),
    ("He speaks fast.", "There are few pauses.", 5),
    ('He says "leave me alone".', 'He says "leave me".', 8),  # Dice of words 4/5
    ('He says "leave me alone".', 'He says "what a day".', 0),
    ("Anger is likely in the voice.", "Judging by the voice, anger is probable.", 10),
    ("Anger is likely in the voice.", "Anger is unlikely in the voice.", 0),
    ("She smiles. She smiles. She smiles.", "She smiles.", 10),
]


@pytest.mark.parametrize(("reference", "candidate", "score"), CLUES)
def test_clue_overlap_by_hand(reference: str, candidate: str, score: float) -> None:
    assert judged("clues", reference, candidate).score == pytest.approx(score)
    assert judged("clues", candidate, reference).score == pytest.approx(score)


LABELS = [
    ("She is happy.", "Joy is there.", 10),
    ("She is happy.", "She is amused.", 5),  # another family of the same ring
    ("She is happy.", "She is sad.", 0),
    ("She is happy and surprised.", "She is happy.", 20 / 3),
    ("She is not angry but sad.", "She is sad.", 10),
]


@pytest.mark.parametrize(("reference", "candidate", "score"), LABELS)
def test_label_overlap_by_hand(reference: str, candidate: str, score: float) -> None:
    assert judged("labels", reference, candidate).score == pytest.approx(score)


def test_what_matched_what_was_missed_and_what_was_added() -> None:
    found = judged("clues", "She smiles and shouts.", "She smiles and frowns.")
    assert found.matched == ("AU12 present/high",)
    assert found.missed == ("loudness present/high",)
    assert found.added == ("AU04 present/high",)


@pytest.mark.parametrize(
    ("reference", "candidate", "problem"),
    [
        ("", "She smiles.", "the reference is empty"),
        ("The weather is nice.", "She smiles.", "the rules find no clue in the reference"),
        ("她在微笑。", "She smiles.", "the rules read clues in English only"),
        ("She smiles.", "她在微笑。", "the rules read clues in English only"),
    ],
)
def test_what_the_rules_cannot_read_has_no_score(
    reference: str, candidate: str, problem: str
) -> None:
    found = judged("clues", reference, candidate)
    assert (found.score, found.problem) == (None, problem)


def test_a_candidate_without_clues_scores_nothing_and_it_is_noted() -> None:
    found = judged("clues", "She smiles.", "The weather is nice.")
    assert (found.score, found.note) == (0, "the rules find nothing in the candidate")


@given(st.text(max_size=120), st.text(max_size=120))
@settings(max_examples=40, deadline=None)
def test_any_text_is_judged(reference: str, candidate: str) -> None:
    for aspect in ("clues", "labels"):
        found = judged(aspect, reference, candidate)  # type: ignore[arg-type]
        assert (found.score is None) is (found.problem is not None)


@given(
    st.lists(st.sampled_from([text for row in CLUES for text in row[:2]]), min_size=1, max_size=5)
)
@settings(max_examples=30, deadline=None)
def test_a_text_overlaps_fully_with_itself_in_any_order_of_its_sentences(texts: list[str]) -> None:
    there, back = " ".join(texts), " ".join(reversed(texts))
    assert judged("clues", there, back).score == pytest.approx(10)


def test_a_clue_that_is_said_faint_and_strong_has_no_degree() -> None:
    both = "She smiles broadly. There is a faint smile."
    assert [clue.degree for clue in clues_of(both)] == [0]
    assert judged("clues", both, "She smiles faintly.").score == 10


def test_affinity_is_the_same_both_ways() -> None:
    clues = [clue for row in CLUES for text in row[:2] for clue in clues_of(text)]
    for one in clues:
        assert affinity(one, one) == 1
        for other in clues:
            assert affinity(one, other) == affinity(other, one) <= 1


def test_groups_name_kinds_of_the_catalogue() -> None:
    from affect_llm.cues.catalogue import kinds

    assert {kind for _, signs in GROUPS for kind in signs} <= set(kinds())


def test_the_best_pairing_is_found_not_the_first() -> None:
    # greedy would take (a, x) = .9 and leave b with 0; the best sum is .8 + .8
    table = {("a", "x"): 0.9, ("a", "y"): 0.8, ("b", "x"): 0.8, ("b", "y"): 0.0}
    pairs, f1 = best_pairing(["a", "b"], ["x", "y"], lambda one, other: table[one, other])
    assert f1 == pytest.approx(0.8)
    assert [pair[:2] for pair in pairs] == [(0, 1), (1, 0)]


def test_other_tables_are_another_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    before = RuleJudge().card.key
    changed = lexicon().model_copy(update={"negations": ()})
    monkeypatch.setattr("affect_llm.evaluation.judges.rules.lexicon", lambda: changed)
    assert RuleJudge().card.key != before
