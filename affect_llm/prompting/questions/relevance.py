"""The cues that a topic is about, and those that speak for an emotion or against it."""

from collections.abc import Iterable, Sequence

from affect_llm.cues.catalogue import kind_of
from affect_llm.prompting.checker.associations import leaning
from affect_llm.prompting.explain.nouns import same
from affect_llm.prompting.explain.write import AGAINST, FOR
from affect_llm.prompting.questions.topic import PLAIN, Topic
from affect_llm.prompting.salience import salience, select_cues
from affect_llm.types import Cue, CueSheet, EmotionResult, Modality, TimeSpan


def in_reach(topic: Topic, sheet: CueSheet) -> CueSheet:
    """The sheet with only the people, stretches and channels that the topic names, if any."""
    return CueSheet(cues=tuple(c for c in sheet.cues if _reached(c, topic)), absent=sheet.absent)


def relevant_cues(topic: Topic, sheet: CueSheet) -> tuple[Cue, ...]:
    """The cues asked for, best first; empty where no cue is asked for.

    Cues that are named, by id or kind, count whatever they say; of a channel, a time or a person
    only those that say something do. First comes what says most and lies most within the time
    that is asked for.
    """
    if topic.cue_ids:
        known = sheet.by_id()
        return tuple(known[i] for i in topic.cue_ids if i in known)
    within = in_reach(topic, sheet)
    if topic.kinds:
        return _ranked([c for c in within.cues if c.name in topic.kinds], topic)
    if topic.named or topic.intents & {"summary"}:
        return _ranked(one_each(_ranked(select_cues(within), topic), every_quote=True), topic)
    return ()


def asks_for_cues(topic: Topic) -> bool:
    """Whether evidence belongs into the answer, and not only what the answer itself says."""
    if topic.intents & {"why", "against", "summary", "verdict", "more"}:
        return True
    if topic.intents & PLAIN:
        return bool(topic.kinds or topic.cue_ids)
    return bool(topic.emotions or topic.named)


def speaking_for(cues: Sequence[Cue], emotion: str, result: EmotionResult) -> list[Cue]:
    """The cues that speak for an emotion, strongest first; words do where their verdict does."""
    favourable = (c for c in cues if leaning(c, emotion) >= FOR)
    measured = sorted(favourable, key=lambda c: -leaning(c, emotion))
    verdict = words_verdict(result)
    if verdict is None or not same(verdict, emotion):
        return measured
    return [*(c for c in cues if kind_of(c.name).quoted), *measured]


def speaking_against(cues: Sequence[Cue], emotion: str) -> list[Cue]:
    """The cues that speak against an emotion, strongest first; words are never among them."""
    against = (c for c in cues if leaning(c, emotion) <= AGAINST)
    return sorted(against, key=lambda c: leaning(c, emotion))


def words_verdict(result: EmotionResult) -> str | None:
    """What the words suggest by themselves; the label where they are all there is."""
    label = result.labels[0] if result.labels else None
    return result.modality_verdicts.get(Modality.TEXT, label)


def _reached(cue: Cue, topic: Topic) -> bool:
    if topic.people and cue.person not in topic.people:
        return False
    if topic.spans and not any(_touches(cue.span, span) for span in topic.spans):
        return False
    if cue.name in topic.kinds or not topic.modalities:
        return True
    return cue.modality in topic.modalities


def _touches(span: TimeSpan, other: TimeSpan) -> bool:
    """Whether the two share time; a moment, as in a still, lies within what it touches."""
    if span.duration_s and other.duration_s:
        return span.overlaps(other)
    return span.start_s <= other.end_s and other.start_s <= span.end_s


def _ranked(cues: Iterable[Cue], topic: Topic) -> tuple[Cue, ...]:
    def to_the_point(cue: Cue) -> tuple[float, str]:
        # A cue's share is how much of its own time, in tenths, lies in the stretches asked for.
        share, span = 1.0, cue.span
        if topic.spans and span.duration_s:
            ends = ((max(span.start_s, s.start_s), min(span.end_s, s.end_s)) for s in topic.spans)
            shared = sum(max(0.0, end - start) for start, end in ends)
            share = round(min(shared / span.duration_s, 1.0), 1)
        return (-share - salience(cue) * cue.confidence, cue.id)

    return tuple(sorted(cues, key=to_the_point))


def one_each(cues: Iterable[Cue], *, every_quote: bool = False) -> list[Cue]:
    """The first cue of each kind and person, and all of the words where `every_quote`."""
    best: dict[tuple[str, str | None], Cue] = {}
    for cue in cues:
        kind = cue.id if every_quote and kind_of(cue.name).quoted else cue.name
        best.setdefault((kind, cue.person), cue)
    return list(best.values())
