"""A question as a prompt: to write an answer, or to choose one among sentences that hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from affect_llm.prompting.cue_line import quote, render_cue
from affect_llm.prompting.files import prompt_file
from affect_llm.prompting.questions.beyond import BEYOND
from affect_llm.prompting.questions.offers import Groups
from affect_llm.prompting.questions.relevance import relevant_cues
from affect_llm.prompting.questions.topic import Topic
from affect_llm.prompting.reason import reason_prompt
from affect_llm.prompting.salience import select_cues, untagged
from affect_llm.prompting.schema import exact_object, labelled_prompt, one_of_each, sentence
from affect_llm.types import EmotionResult, Fact, Prompt, Reply

_MOST_SENTENCES, _MOST_FACTS, _MOST_ASKED_FOR = 5, 4, 16
"""Sentences and facts of an answer, which stays shorter than the clip's own, and cues that are
shown because the question is about them."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was answered, with what it was about."""

    topic: Topic
    reply: Reply


def writing_prompt(
    question: str,
    topic: Topic,
    result: EmotionResult,
    facts: Sequence[Fact],
    earlier: Sequence[Turn],
) -> Prompt:
    """The prompt for a model that writes; it may cite only the cues and facts that it is shown.

    Args:
        question: data, like all that is quoted in the prompt.
        topic: of the question; cues that it is about are shown beside those of `reason`.
        result: the answer for the clip.
        facts: all of the answer's facts.
        earlier: turns that are shown, oldest first.
    """
    file = prompt_file("ask")
    asked_for = relevant_cues(topic, result.sheet)[:_MOST_ASKED_FOR]
    shown = {cue.id for cue in (*select_cues(result.sheet), *asked_for)}
    cues = untagged(tuple(cue for cue in result.sheet.cues if cue.id in shown))
    values = {
        "labels": ", ".join(result.label_set),
        "cues": "\n".join(render_cue(cue) for cue in cues),
        "answer": "\n".join(f"{f.id} {f.about} | {quote(f.text)}" for f in facts),
        "earlier": "\n".join(line for turn in earlier for line in _lines(turn.reply)) or "nothing",
        "question": quote(question),
    }
    schema = reply_schema([cue.id for cue in cues], [fact.id for fact in facts if fact.id])
    return Prompt(file.id, file.version, file.fill(values), answer_schema=schema)


def choosing_prompt(result: EmotionResult, groups: Groups) -> Prompt:
    """The prompt for a model that chooses: its first answer is given, the question is the choice.

    It is asked in the only words that it was trained on; what was asked has decided `groups`.
    """
    prompt = reason_prompt(result.sheet, result.label_set)
    known = {
        "label": result.labels[0] if result.labels else None,
        "modalities": {m.value: v for m, v in result.modality_verdicts.items()} or None,
        "valence": result.valence,
        "arousal": result.arousal,
        "open_labels": list(result.open_labels) if result.labels else None,
    }
    properties: dict[str, object] = {k: {"const": v} for k, v in known.items() if v is not None}
    properties["explanation"] = one_of_each([(d.text, d.cue_ids) for d in g] for g in groups)
    return labelled_prompt(prompt, properties)


def reply_schema(cue_ids: Sequence[str], fact_ids: Sequence[str]) -> dict[str, object]:
    """The schema `affect-llm/said@1`: sentences that cite, facts by id, or a reason for none."""
    counts = (
        ("facts", {"enum": list(fact_ids)}, _MOST_FACTS if fact_ids else 0),
        ("sentences", sentence(cue_ids), _MOST_SENTENCES if cue_ids else 0),
    )
    lists = {
        name: {"type": "array", "items": items if most else False, "maxItems": most}
        for name, items, most in counts
    }
    answer = exact_object({"answerable": {"const": True}, **lists})
    none = exact_object({"answerable": {"const": False}, "reason": {"enum": list(BEYOND)}})
    return exact_object({"said": {"anyOf": [answer, none]}})


def _lines(reply: Reply) -> list[str]:
    """The lines of an earlier turn, which hold only what was shown as fact."""
    lines = [f"Q {quote(reply.question)}", *(f"A {quote(fact.text)}" for fact in reply.facts)]
    held = [s for s in reply.sentences if s.support == "supported"]
    lines += [f"A {quote(s.text)} [{', '.join(s.cue_ids)}]" for s in held]
    return [*lines, *(f"A {quote(reason)}" for reason in reply.reasons)]
