import random

import pytest
from random_sheets import make_cue, random_clip, random_sheet

from affect_llm.prompting.checker.associations import leaning
from affect_llm.prompting.explain.quotation import quote_from
from affect_llm.prompting.explain.write import explain
from affect_llm.types import CueSheet, Modality

JOYFUL = CueSheet(
    cues=(
        make_cue("F1", "AU12", 3.1, 0.4, 2.8),
        make_cue("F2", "AU04", 0.0, 0.0, 3.2),
        make_cue("V1", "voice.anger", 0.05, 0.0, 3.2),
        make_cue("V2", "pitch.mean", 116, 0.0, 3.2),
        make_cue("T1", "words", "I can't believe it, we won!", 0.0, 2.1),
    )
)


def test_every_modality_is_told_and_every_id_resolves() -> None:
    rng = random.Random(1)
    for _ in range(300):
        sheet, label, verdicts = random_clip(rng)
        drafts = explain(sheet, label, verdicts, rng)
        cited = {id_ for draft in drafts for id_ in draft.cue_ids}
        known = sheet.by_id()
        assert cited <= set(known)
        assert {known[id_].modality for id_ in cited} == {c.modality for c in sheet.cues}


def test_length_and_letters() -> None:
    rng = random.Random(2)
    for _ in range(300):
        sheet, label, verdicts = random_clip(rng)
        drafts = explain(sheet, label, verdicts, rng)
        only_words = {c.modality for c in sheet.cues} == {Modality.TEXT}
        assert len(drafts) in ((1, 2) if only_words else (2, 3, 4, 5))
        for draft in drafts:
            assert draft.text.isascii()
            assert draft.text[0].isupper() or draft.text[0] == '"'
            assert draft.text.endswith(".")
            assert 5 <= len(draft.text.split()) <= 20
            assert 1 <= len(draft.cue_ids) <= 3


def test_the_same_state_gives_the_same_text() -> None:
    sheet = random_sheet(random.Random(3), "FVT")
    first = explain(sheet, "joy", {}, random.Random(4))
    assert first == explain(sheet, "joy", {}, random.Random(4))
    assert first != explain(sheet, "joy", {}, random.Random(5))


def test_what_is_unlikely_is_never_told_as_there() -> None:
    sheet = CueSheet(cues=(make_cue("V1", "voice.anger", 0.05, 0.0, 3.2),))
    for seed in range(50):
        for draft in explain(sheet, "anger", {}, random.Random(seed)):
            assert "unlikely" in draft.text


def test_a_conflict_is_named() -> None:
    verdicts = {Modality.VISUAL: "joy", Modality.AUDIO: "anger", Modality.TEXT: "joy"}
    sheet = CueSheet(cues=(*JOYFUL.cues[:2], make_cue("V1", "voice.anger", 0.9, 0.0, 3.2)))
    for seed in range(30):
        last = explain(sheet, "joy", verdicts, random.Random(seed))[-1]
        assert "joy" in last.text
        assert "anger" in last.text
        assert set(last.cue_ids) == {"F1", "V1"}


def test_many_phrasings() -> None:
    texts = {
        draft.text
        for seed in range(200)
        for draft in explain(JOYFUL, "joy", {}, random.Random(seed))
    }
    assert len(texts) > 300


def test_nothing_comes_of_an_empty_sheet() -> None:
    assert explain(CueSheet(), "joy", {}, random.Random(0)) == ()


@pytest.mark.parametrize("text", ["\u4f60\u597d", '"""', ""])
def test_words_that_cannot_be_quoted(text: str) -> None:
    assert quote_from(text, random.Random(0)) is None


def test_quotes_are_verbatim_and_short() -> None:
    text = "He said he was never going to call me back, and then he did, can you believe that?"
    for seed in range(50):
        quote = quote_from(text, random.Random(seed))
        assert quote is not None
        assert quote in text
        assert len(quote.split()) <= 6


def test_leanings_have_the_sign_of_the_literature() -> None:
    smile, loud = make_cue("F1", "AU12", 3, 0, 1), make_cue("V1", "loudness", 120, 0, 1)
    assert leaning(smile, "happy") > 1
    assert leaning(smile, "anger") < -0.5
    assert leaning(loud, "angry") > 0.5
    assert leaning(loud, "sadness") < -0.5
    assert leaning(smile, "confusion") == 0
