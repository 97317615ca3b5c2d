"""Where several people are seen, an explanation says of whom it speaks."""

import random
import re

from random_sheets import make_cue, random_clip, random_sheet

from affect_llm.prompting.checker.check import check_sentence
from affect_llm.prompting.choice import offered_sentences
from affect_llm.prompting.explain.write import explain
from affect_llm.types import CueSheet, Modality

_NAMED = re.compile(r"\bP\d\b")


def shared_out(sheet: CueSheet, people: int) -> CueSheet:
    """The sheet with its visual cues dealt out to P1, P2 … in turn."""
    cues = tuple(
        cue.model_copy(update={"person": f"P{n % people + 1}"})
        if cue.modality == Modality.VISUAL
        else cue
        for n, cue in enumerate(sheet.cues)
    )
    return CueSheet(cues=cues, absent=sheet.absent)


def test_a_sentence_names_the_person_whose_cues_it_cites() -> None:
    rng = random.Random(1)
    named = 0
    for _ in range(200):
        sheet, label, verdicts = random_clip(rng)
        sheet = shared_out(sheet, 2)
        tagged = {cue.person for cue in sheet.cues} - {None}
        for draft in explain(sheet, label, verdicts, rng):
            whose = {sheet.by_id()[i].person for i in draft.cue_ids} - {None}
            if len(tagged) < 2 or not whose:
                assert not _NAMED.search(draft.text), draft.text
            elif "cues" not in draft.text and "evidence" not in draft.text:
                assert set(_NAMED.findall(draft.text)) == whose, draft.text
                named += 1
    assert named > 100


def test_what_is_said_of_a_person_holds() -> None:
    rng = random.Random(2)
    said = 0
    for _ in range(60):
        sheet, label, verdicts = random_clip(rng)
        sheet = shared_out(sheet, 2)
        for draft in explain(sheet, label, verdicts, rng):
            if not _NAMED.search(draft.text):
                continue
            said += 1
            checked = check_sentence(draft.text, draft.cue_ids, sheet, verdicts, label)
            assert checked.support == "supported", (draft.text, checked.problem)
            if "face of P" in draft.text:
                continue  # a conclusion rests on the modality's verdict, whoever shows it
            other = re.sub(_NAMED, lambda m: "P2" if m[0] == "P1" else "P1", draft.text)
            swapped = check_sentence(other, draft.cue_ids, sheet, verdicts, label)
            assert swapped.support != "supported", other
    assert said > 30


def test_the_embedded_model_is_offered_sentences_that_name_people() -> None:
    rng = random.Random(3)
    sheet = shared_out(random_sheet(rng, "FVT"), 2)
    offered = offered_sentences(sheet, "joy", {})
    assert any(_NAMED.search(draft.text) for group in offered for draft in group)


def test_a_sentence_that_names_someone_else_is_unsupported() -> None:
    cue = make_cue("F1", "AU12", 3.1, 0.4, 2.8).model_copy(update={"person": "P2"})
    text = "For P1, the face does not show anger, which does not fit anger."
    checked = check_sentence(text, ["F1"], CueSheet(cues=(cue,)), {}, "joy")
    assert checked.support == "unsupported"


def test_one_person_alone_is_not_named() -> None:
    rng = random.Random(4)
    sheet, label, verdicts = random_clip(rng)
    drafts = explain(shared_out(sheet, 1), label, verdicts, random.Random(5))
    assert drafts == explain(sheet, label, verdicts, random.Random(5))
