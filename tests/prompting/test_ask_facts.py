from ask_clips import CUES, LABELS, P, asked_clip, windowed

from affect_llm.prompting.questions.facts import facts_of, stated
from affect_llm.prompting.questions.topic import read_question
from affect_llm.types import Absence, Conflict, CueSheet, EmotionResult, Modality


def told(question: str, result: EmotionResult) -> list[str]:
    topic = read_question(question, result.duration_s)
    return [fact.text for fact in stated(facts_of(result), topic, result)]


def test_how_sure_is_the_calibrated_confidence_and_the_distribution() -> None:
    sure = told("How sure are you?", asked_clip())
    assert sure[0] == "The label joy is possible (0.62, calibrated on held-out data)."
    assert sure[1].startswith("The probabilities are joy 0.62, anger 0.17, neutral 0.09")
    assert "the other 2 have 0.03 together" in sure[1]


def test_a_number_nobody_calibrated_and_an_abstention_are_said_to_be_so() -> None:
    plain = asked_clip()
    raw = plain.provenance.model_copy(update={"calibrated": False})
    quiet = {**P, "joy": 0.2, "anger": 0.59}
    doubtful = asked_clip(provenance=raw, abstained=True, confidence=0.2, distribution=quiet)
    assert told("how sure?", doubtful)[0] == (
        "The label joy is unlikely (0.20, not calibrated), less than the 0.25 asked for."
    )
    assert "not enough evidence" in told("which emotion is it?", doubtful)[0]


def test_without_probabilities_nothing_is_said_of_certainty() -> None:
    silent = asked_clip(confidence=None, distribution=None)
    assert told("How sure are you?", silent) == [
        "This model gives no probabilities, so how sure it is cannot be said."
    ]


def test_an_emotion_gets_its_probability_by_the_label_that_names_it() -> None:
    assert told("is she furious?", asked_clip()) == ["As a label, anger is unlikely (0.17)."]
    joy = told("how likely is happiness?", asked_clip())
    assert joy[0] == "As a label, joy is possible (0.62)."


def test_what_nothing_speaks_for_and_what_was_not_offered() -> None:
    disgust = told("is it disgust?", asked_clip(cues=CUES[:3]))
    assert disgust[-1] == "No cue of this clip speaks for disgust."
    bored = told("is she bored?", asked_clip())
    assert bored[0] == f"Boredom is not among the labels offered: {', '.join(LABELS)}."


def test_what_is_missing_comes_from_the_absences() -> None:
    assert told("What is missing?", asked_clip()) == [
        "Gaze (visual) is absent: the faces are too small."
    ]
    assert told("what is missing from the voice?", asked_clip()) == []
    bare = asked_clip(sheet=CueSheet(cues=asked_clip().sheet.cues))
    assert told("what is missing?", bare) == ["Nothing that was looked for is missing."]
    mute = Absence(modality=Modality.AUDIO, state="failed", reason="no sound\n in it.")
    silent = asked_clip(sheet=CueSheet(absent=(mute,)))
    assert told("what is missing?", silent) == [
        "The audio channel (audio) is failed: no sound in it."
    ]


def test_agreement_and_conflict() -> None:
    first, second = told("do the modalities agree?", asked_clip())
    assert "the words by themselves suggest joy" in first.lower()
    assert "the voice by itself suggests anger" in first
    assert second == "The words and the voice and the face point different ways."
    agreeing = asked_clip(conflict=Conflict(present=False))
    assert told("do the modalities agree?", agreeing)[1] == "They agree."
    alone = asked_clip(modality_verdicts={Modality.AUDIO: "anger"})
    assert "no other channels" in told("do the modalities agree?", alone)[1]


def test_windows_of_one_label_are_told_together() -> None:
    clip = windowed(("joy", "joy", "anger", None))
    assert told("does it change over time?", clip) == [
        "From 0.0 to 20.0 s the cues suggest joy.",
        "From 20.0 to 30.0 s the cues suggest anger.",
        "From 30.0 to 40.0 s the cues suggest nothing certain.",
    ]
    whole = told("does it change over time?", asked_clip())
    assert whole == ["The clip was answered as a whole, not window by window."]
    many = told("does it change over time?", windowed(("joy", "anger") * 10))
    assert many[-1] == "There are 12 more stretches after that."


def test_an_unread_answer_is_not_made_up() -> None:
    unread = asked_clip(labels=(), distribution=None, confidence=None, unparsed="no JSON",
                        modality_verdicts={})  # fmt: skip
    assert told("which emotion is it?", unread) == [
        "The answer for the clip could not be read, so it has no label."
    ]


def test_facts_are_numbered_and_careful() -> None:
    facts = facts_of(asked_clip())
    assert [fact.id for fact in facts] == [f"A{n}" for n in range(1, len(facts) + 1)]
    assert not [fact for fact in facts if " is feeling" in fact.text or " feels" in fact.text]
