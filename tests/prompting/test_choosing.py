import json
import random

from jsonschema import Draft202012Validator
from random_sheets import random_clip
from test_reason_prompt import LABELS, au, sheet, words

from affect_llm.prompting.checker.check import check_sentence
from affect_llm.prompting.choice import choice_prompt, offered_sentences, outline_prompt
from affect_llm.prompting.reason import reason_prompt
from affect_llm.types import Modality

SHEET = sheet(words("I hate this place"), au(4, 3.2), au(7, 2.0))
VERDICTS = {Modality.TEXT: "anger", Modality.VISUAL: "anger"}
OUTLINE = {
    "label": "anger",
    "modalities": {"text": "anger", "visual": "anger"},
    "valence": -0.5,
    "arousal": 0.6,
}


def test_every_offered_sentence_holds() -> None:
    rng = random.Random(5)
    offered = 0
    for _ in range(40):
        clip, label, verdicts = random_clip(rng)
        for group in offered_sentences(clip, label, verdicts):
            for draft in group:
                offered += 1
                verdict = check_sentence(draft.text, draft.cue_ids, clip, verdicts, label)
                assert verdict.support == "supported", draft
    assert offered > 200


def test_a_deleted_cue_is_cited_by_no_offered_sentence() -> None:
    left = sheet(words("I hate this place"))
    cited = {
        i
        for group in offered_sentences(left, "anger", {Modality.TEXT: "anger"})
        for draft in group
        for i in draft.cue_ids
    }
    assert cited == {"T1"}


def test_the_second_question_fixes_the_first_answer() -> None:
    prompt = reason_prompt(SHEET, LABELS)
    outline = outline_prompt(prompt, "anger")
    Draft202012Validator(outline.answer_schema or {}).validate(OUTLINE)
    choice = choice_prompt(prompt, OUTLINE, SHEET)
    assert choice.labels == ()
    schema = Draft202012Validator(choice.answer_schema or {})
    groups = offered_sentences(SHEET, "anger", VERDICTS)
    told = [{"text": g[0].text, "cues": list(g[0].cue_ids)} for g in groups]
    answer = {**OUTLINE, "open_labels": ["annoyed"], "explanation": told}
    schema.validate(answer)
    assert not schema.is_valid({**answer, "label": "joy"})
    assert not schema.is_valid({**answer, "explanation": told[:-1]})
    assert not schema.is_valid(json.loads(json.dumps(answer).replace("AU04", "AU12")
                                          .replace("brow", "smile")))  # fmt: skip


def test_a_modality_alone_suggests_what_the_whole_does() -> None:
    alone = sheet(words("I hate this place"))
    odd = {**OUTLINE, "modalities": {"text": "joy"}}
    choice = choice_prompt(reason_prompt(alone, LABELS), odd, alone)
    assert "'modalities': {'const': {'text': 'anger'}}" in str(choice.answer_schema)
