from dataclasses import replace

import pytest
from claim_sheets import Answered, sheets

from affect_llm.cues.catalogue import kinds, word_of
from affect_llm.cues.scales import ANGLE, BIPOLAR, DEVIATION, FACS, LIKELIHOOD, SHARE
from affect_llm.prompting.checker.check import check_all, check_sentence
from affect_llm.prompting.checker.lexicon import bearing, entries, lexicon
from affect_llm.prompting.checker.rulings import Ruling
from affect_llm.types import Modality

SHEETS = sheets()


def check(sheet: str, ids: str, text: str, answered: Answered | None = None) -> Ruling:
    found = answered or SHEETS[sheet]
    return check_sentence(text, ids.split(), found.cues, found.verdicts, found.label)


@pytest.mark.parametrize(
    ("ids", "text", "support", "problem"),
    [
        ("F99", "The face smiles.", "unsupported", "F99"),
        ("", "This is joy.", "unsupported", "no cue"),
        ("F1", "Nice weather.", "unsupported", "nothing"),
        ("F1", "The lip corner puller is marked.", "supported", None),
        ("F1", "The lip corner puller is absent.", "contradicted", "F1"),
        ("F1", "The lip corner puller is a trace.", "contradicted", "F1"),
        ("F1", "The jaw is dropped.", "unsupported", "jaw"),
        ("F1", "The voice is loud.", "unsupported", "loud"),
        ("F1", "A smile appears at 9 s.", "contradicted", "9"),
        ("F1", "The smile has an intensity of 3.1.", "supported", None),
        ("F1", "The smile has an intensity of 4.2.", "contradicted", "4.2"),
        ("F1", "Tears accompany the smile.", "unsupported", "tears"),
        ("V1", "The pitch is 231 Hz, +1.6 sd.", "supported", None),
        ("V1", "The pitch is 260 Hz.", "contradicted", "260"),
        ("V6", "There is a 71 % chance of happiness in the voice.", "supported", None),
        ("V6", "Happiness in the voice is not likely.", "contradicted", "V6"),
        ("V7", "There is no hint of anger in the voice.", "supported", None),
        ("V3", "He raises his voice.", "supported", None),
        ("V3", "The voice isn't loud.", "contradicted", "V3"),
        ("T1", "The words \u201cI can\u2019t believe it\u201d suggest joy.", "supported", None),
        ("T1", 'The words "i CAN\'T believe it" suggest joy.', "supported", None),
        ("T1", 'The words "I believe it" suggest joy.', "contradicted", "I believe it"),
        ("T1", "The words suggest anger.", "contradicted", "anger"),
        ("V1", "A high pitch fits joy.", "supported", None),
        ("V1", "A high pitch fits disgust.", "unsupported", "disgust"),
        ("F1", "The smile speaks against joy.", "contradicted", "happiness"),
        ("F1", "The smile speaks against anger.", "supported", None),
    ],
)
def test_joyful_win(ids: str, text: str, support: str, problem: str | None) -> None:
    found = check("joyful_win", ids, text)
    assert found.support == support
    assert found.problem is None if problem is None else problem in (found.problem or "")


def test_the_same_sentence_turns_with_the_cue_it_cites() -> None:
    text = "The lip corner puller is marked."
    assert check("joyful_win", "F1", text).support == "supported"
    assert check("sad_slow", "F3", text).support == "contradicted"
    assert check("sad_slow", "F1", text).support == "unsupported"


def test_emotion_of_the_words_needs_their_verdict() -> None:
    text, plain = "The words suggest joy.", SHEETS["joyful_win"]
    sad = replace(plain, verdicts={Modality.TEXT: "sadness"})
    assert check("", "T1", text, plain).support == "supported"
    assert check("", "T1", text, sad).support == "contradicted"
    assert check_sentence(text, ["T1"], plain.cues).support == "supported"


def test_a_conclusion_needs_evidence_that_does_not_speak_against_it() -> None:
    text = "Together these cues suggest joy."
    assert check("joyful_win", "F1 V5 T1", text).support == "supported"
    assert check("joyful_win", "", text).support == "unsupported"
    assert check("sad_slow", "F4 V6", text).support != "supported"


def test_a_person_is_only_described_by_cues_of_that_person() -> None:
    assert check("two_people", "F1", "P1 smiles.").support == "supported"
    assert check("two_people", "F1", "P2 smiles.").support == "unsupported"


def test_scale_words_of_every_cue_are_borne_out_and_opposites_are_not() -> None:
    opposites = {"absent": "marked", "marked": "absent", "high": "low", "low": "high"}
    for name, answered in SHEETS.items():
        for cue in answered.cues.cues:
            word, phrase = word_of(cue), kinds()[cue.name].phrase
            if word is None or cue.family in ("head", "gaze"):
                continue
            assert check(name, cue.id, f"The {phrase} is {word}.").support == "supported", cue
            if word in opposites:
                false = f"The {phrase} is {opposites[word]}."
                assert check(name, cue.id, false).support == "contradicted", cue


def test_check_all_gives_spans_and_problems() -> None:
    answered = SHEETS["joyful_win"]
    drafts = [("A smile and a loud voice.", ["F1", "V3"]), ("Joy.", []), ("No.", ["X1"])]
    first, second, third = check_all(drafts, answered.cues, answered.verdicts, answered.label)
    assert first.support == "supported"
    assert first.span is not None
    assert (first.span.start_s, first.span.end_s) == (0.0, 3.2)
    assert second.span is third.span is None
    assert third.problem is not None
    assert "X1" in third.problem


def test_tables_speak_only_of_kinds_and_words_there_are() -> None:
    scales = (FACS, DEVIATION, LIKELIHOOD, BIPOLAR, SHARE, ANGLE)
    assert set(bearing()) == {scale.name for scale in scales}
    for scale in scales:
        said = set().union(*bearing()[scale.name].values())
        assert said == set(scale.words())
    tables = lexicon()
    named = {k for frame in tables.frames.values() for act in frame.values() for k in act}
    named |= set(tables.heads) | {k for state in tables.states for k in state.options}
    assert named <= set(kinds())
    assert set(tables.frames) == set(tables.parts)
    assert {act for frame in tables.frames.values() for act in frame} <= set(tables.acts)


def test_every_kind_with_a_scale_can_be_named() -> None:
    unnamed = {"voice", "face"}
    keys = {entry.key for entry in entries()} | {"gaze.averted"}
    for name, kind in kinds().items():
        if kind.scale is not None and name.split(".")[0] not in unnamed and kind.family != "head":
            assert name in keys
