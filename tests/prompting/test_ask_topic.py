import pytest

from affect_llm.prompting.questions.beyond import BEYOND
from affect_llm.prompting.questions.times import times_in
from affect_llm.prompting.questions.topic import Topic, read_question
from affect_llm.prompting.questions.words import question_words
from affect_llm.types import Modality

TEXT, AUDIO, VISUAL = Modality.TEXT, Modality.AUDIO, Modality.VISUAL


def topic(question: str, previous: Topic | None = None) -> Topic:
    return read_question(question, 10.0, previous)


@pytest.mark.parametrize(
    ("question", "intents"),
    [
        ("Why?", {"why"}),
        ("why not anger?", {"against"}),
        ("Could it be fear?", {"against"}),
        ("How sure are you?", {"sure"}),
        ("how likely is anger?", {"sure"}),
        ("What is missing?", {"missing"}),
        ("What can't you see?", {"missing"}),
        ("Which emotion is it?", {"verdict"}),
        ("How does she feel?", {"verdict"}),
        ("Do the face and the voice disagree?", {"conflict"}),
        ("Does the emotion change over time?", {"change"}),
        ("how many people are there?", {"people"}),
        ("How long is the clip?", {"length"}),
        ("which model said so?", {"origin"}),
        ("Describe the clip", {"summary"}),
    ],
)
def test_intents(question: str, intents: set[str]) -> None:
    assert topic(question).intents == intents


@pytest.mark.parametrize(
    ("question", "modalities"),
    [
        ("What does the voice say?", {AUDIO}),
        ("what does she say?", {TEXT}),
        ("How does he sound?", {AUDIO}),
        ("How does he look?", {VISUAL}),
        ("And the face and the words?", {VISUAL, TEXT}),
        ("say joy", set()),
    ],
)
def test_modalities(question: str, modalities: set[Modality]) -> None:
    assert topic(question).modalities == modalities


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Is she smiling?", {"AU12"}),
        ("is the lip corner puller there", {"AU12"}),
        ("What about AU4?", {"AU04"}),
        ("Do the brows go up?", {"AU01", "AU02"}),
        ("Is the pitch high?", {"pitch.mean"}),
        ("Are there many pauses?", {"pause.share"}),
        ("does he talk fast", {"speech.rate"}),
        ("does she look at the camera or away? avoiding eye contact?", {"gaze.averted"}),
        ("where is it, what is the setting?", {"scene"}),
        ("how high is the vocal arousal?", {"voice.arousal"}),
    ],
)
def test_kinds(question: str, kinds: set[str]) -> None:
    assert topic(question).kinds == kinds


def test_emotions_people_ids_and_what_nothing_measures() -> None:
    assert topic("is she happy or furious?").emotions == ("happiness", "anger")
    assert topic("does p2 smile?").people == ("P2",)
    assert topic("what is F3, and T12?").cue_ids == ("F3", "T12")
    assert topic("are there tears?").unmeasured == ("tears",)
    assert topic("what is the weather?").empty


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Is she lying?", "honesty"),
        ("Is he telling the truth?", "honesty"),
        ("What is her name?", "identity"),
        ("How old is he?", "identity"),
        ("What did he feel at work?", "elsewhere"),
        ("How will she feel tomorrow?", "elsewhere"),
        ("Is he depressed?", "health"),
        ("Does she have ADHD?", "health"),
        ("What is she thinking?", "mind"),
        ("Should we hire him?", "decision"),
    ],
)
def test_what_no_cue_can_say(question: str, key: str) -> None:
    found = topic(question)
    assert found.beyond == (key,)
    assert found.empty


def test_beside_what_no_cue_can_say_only_measurements_are_answered() -> None:
    found = topic("Is her happy smile fake, and why?")
    assert (found.beyond, found.kinds) == (("honesty",), {"AU12"})
    assert found.emotions == ()
    assert found.intents == frozenset()
    assert topic("was her voice loud yesterday?").empty


def test_every_kind_beyond_has_its_sentence() -> None:
    assert set(question_words().beyond) < set(BEYOND)


def test_a_question_goes_on_with_the_one_before() -> None:
    anger = topic("why not anger?")
    assert topic("and in the voice?", anger).emotions == ("anger",)
    assert topic("and in the voice?", anger).intents == {"against"}
    assert topic("Why?", topic("is she sad?")).emotions == ("sadness",)
    assert topic("what about fear?", anger).emotions == ("fear",)
    voice = topic("how does she sound?")
    assert topic("and in the first half?", voice).modalities == {AUDIO}
    assert topic("what else?", voice).modalities == {AUDIO}


def test_a_question_of_its_own_forgets_the_one_before() -> None:
    before = topic("why is she sad at 5 s?")
    assert topic("Is the pitch high?", before) == topic("Is the pitch high?")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("at 5 s", (4.5, 5.5)),
        ("at 0:05", (4.5, 5.5)),
        ("at second 5", (4.5, 5.5)),
        ("from 2 to 4 seconds", (2, 4)),
        ("between 2.5 s and 4 s", (2.5, 4)),
        ("0:02-0:04", (2, 4)),
        ("3-5 s", (3, 5)),
        ("in the first 3 seconds", (0, 3)),
        ("the last 3 seconds", (7, 10)),
        ("before 3 s", (0, 3)),
        ("after 0:03", (3, 10)),
        ("in the first half", (0, 5)),
        ("in the second half", (5, 10)),
        ("at the end", (20 / 3, 10)),
        ("at the beginning", (0, 10 / 3)),
        ("at 1:02", (61.5, 62.5)),
    ],
)
def test_times(text: str, span: tuple[float, float]) -> None:
    (found,) = times_in(text, 10.0)
    assert (found.start_s, found.end_s) == pytest.approx(span)


@pytest.mark.parametrize("text", ["is au12 there", "what is f3", "one person", "i am sure"])
def test_other_numbers_are_no_times(text: str) -> None:
    assert times_in(text, 10.0) == ()
