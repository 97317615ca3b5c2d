"""What the answer for the clip itself says, in sentences of ours and in no model's words."""

from affect_llm.cues.scales import LIKELIHOOD
from affect_llm.prompting.explain.nouns import noun, same
from affect_llm.prompting.questions.relevance import in_reach, speaking_for
from affect_llm.prompting.questions.statements import TELLING
from affect_llm.prompting.questions.topic import Topic
from affect_llm.types import EmotionResult, Fact

_OF_INTENT = {
    "verdict": ("verdict", "modalities"),
    "against": ("verdict", "distribution"),
    "sure": ("confidence", "distribution"),
    "missing": ("missing",),
    "conflict": ("modalities",),
    "change": ("windows",),
    "affect": ("affect",),
    "summary": ("verdict",),
    "people": ("people",),
    "length": ("length",),
    "origin": ("origin",),
}


def facts_of(result: EmotionResult) -> tuple[Fact, ...]:
    """Every fact that the answer has, numbered A1, A2 … in a fixed order."""
    rows = [(about, text) for about, tell in TELLING.items() for text in tell(result)]
    return tuple(Fact(id=f"A{n}", about=a, text=text) for n, (a, text) in enumerate(rows, 1))


def stated(facts: tuple[Fact, ...], topic: Topic, result: EmotionResult) -> tuple[Fact, ...]:
    """The facts that a topic is about, which are told whatever a model chooses to say."""
    about = {name for intent in topic.intents for name in _OF_INTENT.get(intent, ())}
    if "change" in topic.intents and topic.kinds:
        about.discard("windows")
    # What is missing is told of the channel asked for, where one is named.
    tags = [f"({m})" for m in topic.modalities] or [""]
    told = (
        f
        for f in facts
        if f.about != "missing" or ":" not in f.text or any(t in f.text for t in tags)
    )
    wanted = [f for f in told if f.about in about]
    if topic.spans and "verdict" in topic.intents and result.windows:
        wanted += [f for f in facts if f.about == "windows"]
    emotional = [f for emotion in topic.emotions for f in _of_emotion(topic, result, emotion)]
    return (*emotional, *(f for f in wanted if not (emotional and f.about == "distribution")))


def _of_emotion(topic: Topic, result: EmotionResult, emotion: str) -> list[Fact]:
    """How probable an emotion is beside the verdict, and that nothing speaks for it if so."""
    facts: list[Fact] = []
    label = next((known for known in result.label_set if same(known, emotion)), None)
    if label is None:
        known = ", ".join(result.label_set)
        text = f"{noun(emotion).capitalize()} is not among the labels offered: {known}."
        facts.append(Fact(about="nothing", text=text))
    elif result.distribution:
        p = result.distribution[label]
        text = f"As a label, {noun(label)} is {LIKELIHOOD.word(p)} ({p:.2f})."
        facts.append(Fact(about="distribution", text=text))
    within = in_reach(topic, result.sheet).cues
    if not speaking_for(within, emotion, result):
        everything = len(within) == len(result.sheet.cues)
        which = "No cue of this clip" if everything else "No cue in what is asked about"
        facts.append(Fact(about="nothing", text=f"{which} speaks for {noun(emotion)}."))
    return facts
