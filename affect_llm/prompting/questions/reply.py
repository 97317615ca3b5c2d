"""What was said to a question → `affect-llm/reply@1`, every sentence held against its cues."""

from collections.abc import Sequence
from dataclasses import dataclass

from affect_llm.errors import ParseFailure
from affect_llm.prompting.checker.check import check_all
from affect_llm.prompting.checker.rulings import counts, shown
from affect_llm.prompting.questions.beyond import BEYOND, careful
from affect_llm.prompting.questions.topic import Topic
from affect_llm.prompting.result import parse_answer
from affect_llm.types import Completion, EmotionResult, Fact, Prompt, Reply, Sentence

_OTHER = ("unmeasured", "unasked")
"""Reasons that something was not understood or found, which an answer sets aside."""


@dataclass(frozen=True, slots=True)
class CheckedReply:
    """What a model said to a question, read and checked.

    Args:
        sentences: as it wrote or chose them.
        fact_ids: of the facts that it cites.
        reason: key of `BEYOND`, where it says that the cues do not tell.
        unparsed: why its answer could not be read.
        model: who answered.
        forgotten: earlier turns that it was not shown.
    """

    sentences: tuple[Sentence, ...] = ()
    fact_ids: tuple[str, ...] = ()
    reason: str | None = None
    unparsed: str | None = None
    model: str | None = None
    forgotten: int = 0


def read_reply(
    completion: Completion, prompt: Prompt, result: EmotionResult, *, forgotten: int = 0
) -> CheckedReply:
    """Read a completion against its prompt's schema; one that breaks it says nothing."""
    try:
        answer = parse_answer(completion, prompt)
    except ParseFailure as failure:
        return CheckedReply(unparsed=str(failure), model=completion.model, forgotten=forgotten)
    content = answer.get("said", answer)
    written = content.get("explanation", content.get("sentences", []))
    drafts = [(claim["text"], tuple(claim["cues"])) for claim in written]
    label = result.labels[0] if result.labels else None
    sentences = check_all(drafts, result.sheet, result.modality_verdicts, label)
    return CheckedReply(
        # What a model chose is in words of ours, which are careful.
        sentences=tuple(map(careful, sentences)) if "said" in answer else sentences,
        fact_ids=tuple(content.get("facts", ())),
        reason=content.get("reason"),
        model=completion.model,
        forgotten=forgotten,
    )


def reply_to(
    question: str, topic: Topic, result: EmotionResult, facts: Sequence[Fact], checked: CheckedReply
) -> Reply:
    """The reply: facts first, then what the cues say, then what they do not.

    Args:
        question: as typed.
        topic: of the question.
        result: the answer for the clip.
        facts: those that are told, each once.
        checked: what the model said; empty where none had to be asked.
    """
    held = bool(facts) or bool(shown(checked.sentences))
    return Reply(
        clip_id=result.clip_id,
        clip_name=result.clip_name,
        question=question,
        answerable=held,
        facts=tuple(facts),
        sentences=checked.sentences,
        support=counts(checked.sentences),
        reasons=_reasons(topic, result, held, checked),
        unparsed=checked.unparsed,
        forgotten=checked.forgotten,
        model=checked.model,
    )


def _reasons(
    topic: Topic, result: EmotionResult, held: bool, checked: CheckedReply
) -> tuple[str, ...]:
    """What the cues do not say: of what the question asks, then of what is not there."""
    reasons = [BEYOND[key] for key in topic.beyond]
    reasons += [f"No cue measures '{thing}'." for thing in topic.unmeasured]
    # Cue ids, people, times and channels that the clip does not have.
    known = result.sheet.by_id()
    people = sorted({cue.person for cue in known.values() if cue.person})
    reasons += [f"There is no cue {i} in this clip." for i in topic.cue_ids if i not in known]
    seen = ", ".join(people) or "nobody"
    others = [person for person in topic.people if person not in people]
    reasons += [f"There is no {p} in this clip (told apart: {seen})." for p in others]
    if any(span.start_s > result.duration_s for span in topic.spans):
        reasons.append(f"The clip ends at {result.duration_s:.1f} s, before the time asked for.")
    absent = {a.modality: a.reason.rstrip(".") for a in result.sheet.absent if a.family is None}
    gone = absent.keys() - {cue.modality for cue in known.values()}
    channels = [m for m in topic.modalities if m in gone]
    reasons += [f"There is no {m} channel to go by: {absent[m]}." for m in channels]
    if checked.reason is not None and checked.reason not in topic.beyond:
        reasons += [] if held and checked.reason in _OTHER else [BEYOND[checked.reason]]
    if not held and not reasons and "more" in topic.intents:
        reasons.append("Nothing else in the cues is about that.")
    if not held and not reasons:
        reasons.append(BEYOND["unasked" if topic.empty else "unmeasured"])
    return tuple(dict.fromkeys(reasons))
