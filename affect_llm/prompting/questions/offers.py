"""True sentences about what a question asks of, in groups; of each group one is chosen.

They come from the phrase grammar and each is supported by the checker, so whatever a model chooses
holds. Which groups there are is decided by the question alone.
"""

import random
from collections.abc import Iterable
from itertools import chain

from affect_llm.cues.catalogue import kind_of
from affect_llm.prompting.checker.check import check_sentence
from affect_llm.prompting.choice import DRAWS, PER_GROUP, offered_sentences
from affect_llm.prompting.explain.assemble import Draft, evidence
from affect_llm.prompting.questions.relevance import (
    asks_for_cues,
    in_reach,
    one_each,
    relevant_cues,
    speaking_against,
    speaking_for,
    words_verdict,
)
from affect_llm.prompting.questions.topic import Topic
from affect_llm.prompting.salience import untagged
from affect_llm.types import Cue, CueSheet, EmotionResult

MOST_GROUPS = 5
_FOR_ONE, _AGAINST_ONE = 3, 2
"""Cues that are told for an emotion and against it; together they fill the groups."""

Groups = tuple[tuple[Draft, ...], ...]


def offered_answers(
    topic: Topic, result: EmotionResult, cited: frozenset[str] = frozenset()
) -> Groups:
    """Groups of sentences that hold, at most five; none where no cue is asked for.

    Args:
        topic: of the question.
        result: the answer for the clip.
        cited: ids of the cues that were cited before; "what else?" leaves them out.
    """
    if not asks_for_cues(topic):
        return ()
    sheet = CueSheet(cues=untagged(result.sheet.cues), absent=result.sheet.absent)
    left = cited if "more" in topic.intents else frozenset()
    new = CueSheet(cues=tuple(c for c in sheet.cues if c.id not in left), absent=sheet.absent)
    groups = _groups(topic, new, sheet, result)
    return tuple(group for group in groups if group)[:MOST_GROUPS]


def _groups(
    topic: Topic, new: CueSheet, sheet: CueSheet, result: EmotionResult
) -> list[tuple[Draft, ...]]:
    """Groups about the cues of `new`, each held against the whole sheet."""
    if not (topic.kinds or topic.cue_ids):
        within = in_reach(topic, new)
        if topic.emotions:  # one fills the groups as a rule; a second takes what it leaves
            weighed = (_weighed(e, topic, within, sheet, result) for e in topic.emotions[:2])
            return list(chain.from_iterable(weighed))
        only_more = topic.intents == {"more"} and not topic.named
        if result.labels and (only_more or topic.intents & {"why", "against", "verdict"}):
            return list(offered_sentences(within, result.labels[0], result.modality_verdicts))
    # Cues that are named are told one by one, without what they speak for.
    return [_drafts(cue, "none", "", sheet, result) for cue in relevant_cues(topic, new)]


def _weighed(
    emotion: str, topic: Topic, within: CueSheet, sheet: CueSheet, result: EmotionResult
) -> Iterable[tuple[Draft, ...]]:
    """What speaks for an emotion and what against it; against comes first where that is asked."""
    pro = one_each(speaking_for(within.cues, emotion, result))[:_FOR_ONE]
    con = one_each(speaking_against(within.cues, emotion))[:_AGAINST_ONE]
    supporting = [_drafts(cue, "for", emotion, sheet, result) for cue in pro]
    opposing = [_drafts(cue, "against", emotion, sheet, result) for cue in con]
    verdict = words_verdict(result)
    words = [cue for cue in within.cues if kind_of(cue.name).quoted and cue not in pro][:1]
    if verdict is not None:
        opposing += [_drafts(cue, "for", verdict, sheet, result) for cue in words]
    return opposing + supporting if "against" in topic.intents else supporting + opposing


def _drafts(
    cue: Cue, stance: str, emotion: str, sheet: CueSheet, result: EmotionResult
) -> tuple[Draft, ...]:
    """Different phrasings of one cue that the checker supports."""
    label = result.labels[0] if result.labels else None
    drafts: dict[str, Draft] = {}
    for draw in range(DRAWS):
        draft = evidence([cue], stance, emotion, random.Random(draw))
        if draft is None or draft.text in drafts:
            continue
        held = check_sentence(draft.text, draft.cue_ids, sheet, result.modality_verdicts, label)
        if held.support == "supported":
            drafts[draft.text] = draft
    return tuple(drafts.values())[:PER_GROUP]
