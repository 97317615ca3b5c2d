"""A question becomes what it is about, by fixed tables: no model decides what is relevant."""

import re
from dataclasses import dataclass, replace

from affect_llm.cues.catalogue import id_letters, kinds
from affect_llm.cues.families import families
from affect_llm.prompting.checker.lexicon import lexicon, states
from affect_llm.prompting.checker.rulings import persons_in
from affect_llm.prompting.checker.tokens import Token, tokens_of
from affect_llm.prompting.questions.times import times_in
from affect_llm.prompting.questions.words import keys_in, question_words, without
from affect_llm.types import Modality, TimeSpan

PLAIN = frozenset({"sure", "missing", "conflict", "people", "length", "origin", "affect"})
"""What is answered by the answer for the clip itself, and needs no cue."""
_CONTINUES = re.compile(r"^\W*(?:and|but|so|then|also|ok(?:ay)?|what about|how about)\b")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about; everything empty where it names nothing known.

    Args:
        intents: keys of `questions.yaml`: why, against, sure, missing, verdict, conflict …
        modalities: channels it names.
        kinds: names of the catalogue, of cues it names.
        emotions: canonical emotions, or labels without one, in the order named.
        people: track ids ("P2").
        cue_ids: cues it names by their id.
        spans: stretches of the clip.
        unmeasured: things it names that no cue measures ("tears").
        beyond: keys of `BEYOND`: what no cue can say.
    """

    intents: frozenset[str] = frozenset()
    modalities: frozenset[Modality] = frozenset()
    kinds: frozenset[str] = frozenset()
    emotions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    cue_ids: tuple[str, ...] = ()
    spans: tuple[TimeSpan, ...] = ()
    unmeasured: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it that could be answered."""
        return self == Topic(unmeasured=self.unmeasured, beyond=self.beyond)

    @property
    def named(self) -> bool:
        """Whether it names cues: by id, kind, channel, time or person."""
        return bool(self.cue_ids or self.kinds or self.modalities or self.spans or self.people)


def read_question(question: str, duration_s: float, previous: Topic | None = None) -> Topic:
    """Read from fixed tables what `question` is about.

    Args:
        question: as typed.
        duration_s: of the clip, for "the first half".
        previous: of the turn before; "and before 3 s?", "why?" and "what else?" go on with it.
    """
    text = " ".join(question.lower().replace("\u2019", "'").split())
    reached = keys_in(text, question_words().beyond)
    beyond = tuple(key for key in question_words().beyond if key in reached)
    for key in beyond:
        text = without(text, question_words().beyond[key])
    topic = _named(text, duration_s)
    if "elsewhere" in beyond:
        return Topic(beyond=beyond)
    if beyond:
        # Only measurements that it names are answered: an answer on emotions would read as one on
        # honesty, health or thoughts.
        intents = topic.intents & (PLAIN - {"affect"})
        return replace(topic, intents=intents, emotions=(), beyond=beyond)
    return _continued(topic, text, previous)


def _named(text: str, duration_s: float) -> Topic:
    tokens = tokens_of(text)
    words = question_words()
    intents = keys_in(text, words.intents)
    # The "why" of "why not anger?" asks nothing more than what speaks against it.
    implied = {"against": {"why"}, "change": {"verdict"}}
    channels = {t.key for t in tokens if t.type == "modality"}
    # "What does the voice say" does not ask for the words.
    channels |= keys_in(text, words.modalities) - ({"text"} if channels else set())
    ids = re.findall(rf"\b[{id_letters().lower()}]\d+\b", text)
    return Topic(
        intents=intents - {i for key in intents for i in implied.get(key, ())},
        modalities=frozenset(map(Modality, channels)),
        kinds=frozenset(_kinds(tokens, text)),
        emotions=tuple(dict.fromkeys(t.key for t in tokens if t.type == "emotion")),
        people=tuple(dict.fromkeys(name for name, _ in persons_in(text))),
        cue_ids=tuple(dict.fromkeys(i.upper() for i in ids)),
        spans=times_in(text, duration_s),
        unmeasured=tuple(t.text for t in tokens if t.type == "unmeasured"),
    )


def _kinds(tokens: list[Token], text: str) -> set[str]:
    """Kinds named by the checker's words for them, or by the catalogue's own phrases."""
    acts = [t.key for t in tokens if t.type == "act"]
    names = {t.key for t in tokens if t.type == "head"}
    for token in tokens:
        if token.type == "state":
            names |= set(states()[int(token.key)].options)
        if token.type == "part":
            # A part of the face is asked for by what is done to it, or else as a whole.
            frames = lexicon().frames.get(token.key, {})
            done = [act for act in acts if act in frames] or list(frames)
            names |= {kind for act in done for kind in frames[act]}
    for name, kind in kinds().items():
        if re.search(rf"\b{re.escape(kind.phrase)}\b", text):
            names.add(name)
    expressions = {k: words for f in families() for k, words in f.words.questions.items()}
    return (names & set(kinds())) | keys_in(text, expressions)


def _continued(topic: Topic, text: str, previous: Topic | None) -> Topic:
    """A question that leans on the one before takes over what it does not say itself."""
    if previous is None or topic.empty:
        return topic
    bare = topic.intents <= {"why", "against", "more"} and not (topic.emotions or topic.named)
    if not (bare or _CONTINUES.match(text) or "more" in topic.intents):
        return topic
    about = bool(topic.kinds or topic.modalities or topic.cue_ids)
    new = topic.intents - {"more"}
    intents = previous.intents if not new or (bare and previous.intents & {"against"}) else new
    return replace(
        topic,
        intents=topic.intents if topic.emotions else intents | (topic.intents & {"more"}),
        emotions=topic.emotions or previous.emotions,
        kinds=topic.kinds if about else previous.kinds,
        modalities=topic.modalities if about else previous.modalities,
        people=topic.people or previous.people,
        spans=topic.spans or previous.spans,
    )
