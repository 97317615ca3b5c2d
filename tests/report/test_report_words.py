import pytest
from sample_results import abstained_clip, clip_cues, joyful_clip, unparsed_clip

from affect_llm.report.words import (
    clock,
    confidence_words,
    conflict_words,
    describe,
    mark_of,
    quantity,
    verdict_of,
)


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0, "0:00.0"), (3.24, "0:03.2"), (59.96, "1:00.0"), (760, "12:40.0"), (3723.5, "1:02:03.5")],
)
def test_clock(seconds: float, written: str) -> None:
    assert clock(seconds) == written


def test_a_verdict_says_what_cues_suggest_in_words_and_a_number() -> None:
    verdict = verdict_of(joyful_clip())
    assert (verdict.headline, verdict.detail) == ("Cues suggest joy", "likely (0.78)")
    assert verdict.given


def test_an_abstention_is_not_a_verdict() -> None:
    verdict = verdict_of(abstained_clip())
    assert verdict.headline == "Not enough evidence"
    assert "joy, is unlikely (0.24); 0.30 was asked for" in verdict.detail
    assert not verdict.given
    assert verdict.label is None


def test_nothing_to_go_by_is_not_enough_evidence() -> None:
    verdict = verdict_of(abstained_clip().model_copy(update={"labels": (), "confidence": None}))
    assert (verdict.headline, verdict.detail) == (
        "Not enough evidence",
        "There is nothing to go by.",
    )


def test_an_unreadable_answer_names_no_label() -> None:
    verdict = verdict_of(unparsed_clip())
    assert verdict.headline == "No answer"
    assert "it is not JSON" in verdict.detail


def test_an_uncalibrated_number_says_so() -> None:
    result = joyful_clip()
    loose = result.provenance.model_copy(update={"calibrated": False})
    words = confidence_words(result.model_copy(update={"provenance": loose}))
    assert words == "likely (0.78, not calibrated)"


def test_marks_name_the_problem() -> None:
    marks = [mark_of(s) for s in joyful_clip().explanation]
    assert marks[:2] == ["", ""]
    assert marks[2] == "its evidence says otherwise: V1 is pitch, high"
    assert marks[3].startswith("nothing it cites backs this")


def test_cues_as_words() -> None:
    cues = {cue.id: cue for cue in clip_cues()}
    assert describe(cues["V1"]) == "pitch, high"
    assert describe(cues["F1"]) == "lip corner puller (AU12), marked"
    assert describe(cues["T1"]) == "“I still can't believe it.”"
    assert [quantity(cues[i]) for i in ("V1", "V2", "F1", "F4", "T1")] == [
        "236 Hz", "0.81", "3.20 of 5", "9.00°", "",
    ]  # fmt: skip


def test_conflict_in_a_sentence() -> None:
    assert conflict_words(joyful_clip().conflict).startswith("text and audio point different ways")
    assert conflict_words(abstained_clip().conflict) == ""
