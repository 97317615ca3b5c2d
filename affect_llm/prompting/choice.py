"""A model too small to write freely chooses its sentences among ones that hold.

Its label is fixed first. Then it is asked for the verdicts; then, with those fixed, for other
words and for the explanation, where decoding allows only sentences that the phrase grammar draws
from the sheet for this answer and that the checker supports: a few phrasings per group of cues,
one to be chosen from each. Which cues are told, and how, is the model's choice; that they are true
is not left to it.
"""

import random
from collections.abc import Mapping

from affect_llm.cues.catalogue import kind_of
from affect_llm.labels.near_words import near_words
from affect_llm.prompting.checker.check import check_sentence
from affect_llm.prompting.explain.assemble import Draft
from affect_llm.prompting.explain.write import explain
from affect_llm.prompting.schema import labelled_prompt, one_of_each
from affect_llm.types import CueSheet, Modality, Prompt

DRAWS, PER_GROUP = 12, 8
"""Explanations that are drawn, and different sentences of a group that are offered: the embedded
model was trained to choose among so many."""
_TOGETHER = "together"


def outline_prompt(prompt: Prompt, label: str) -> Prompt:
    """The same question with `label` fixed, and without other words and explanation."""
    properties = _mapping(_mapping(prompt.answer_schema)["properties"])
    later = ("open_labels", "explanation")
    now = {name: schema for name, schema in properties.items() if name not in later}
    return labelled_prompt(prompt, {**now, "label": {"const": label}})


def choice_prompt(prompt: Prompt, outline: Mapping[str, object], sheet: CueSheet) -> Prompt:
    """The same question with `outline` as the beginning of its answer.

    Args:
        prompt: the whole question.
        outline: the parsed answer to `outline_prompt`.
        sheet: the cues that the prompt shows.
    """
    label = str(outline["label"])
    by_modality = _mapping(outline["modalities"])
    alone = len(by_modality) == 1  # a modality that is alone suggests what the whole does
    verdicts = {Modality(m): label if alone else str(v) for m, v in by_modality.items()}
    groups = offered_sentences(sheet, label, verdicts)
    fixed: dict[str, object] = {name: {"const": value} for name, value in outline.items()}
    fixed["modalities"] = {"const": {m.value: verdict for m, verdict in verdicts.items()}}
    words = list(near_words(label))
    others = {"type": "array", "items": {"enum": words or [""]}, "maxItems": 2 if words else 0}
    explanation = one_of_each([(d.text, d.cue_ids) for d in group] for group in groups)
    return labelled_prompt(prompt, {**fixed, "open_labels": others, "explanation": explanation})


def offered_sentences(
    sheet: CueSheet, label: str, verdicts: Mapping[Modality, str]
) -> tuple[tuple[Draft, ...], ...]:
    """Sentences that hold, in groups; what speaks for the label comes first, conclusions last.

    The same sheet, label and verdicts give the same sentences.
    """
    cues = sheet.by_id()
    groups: dict[str, list[Draft]] = {}
    seen: set[tuple[str, Draft]] = set()
    for draw in range(DRAWS):
        cited: set[str] = set()
        for draft in explain(sheet, label, verdicts, random.Random(draw)):
            lead = cues[draft.cue_ids[0]]
            alone = f"{lead.modality.value}/{'scores' if kind_of(lead.name).score else lead.family}"
            group = _TOGETHER if set(draft.cue_ids) <= cited else alone
            cited.update(draft.cue_ids)
            offered = groups.setdefault(group, [])
            if len(offered) == PER_GROUP or (group, draft) in seen:
                continue
            seen.add((group, draft))
            checked = check_sentence(draft.text, draft.cue_ids, sheet, verdicts, label)
            if checked.support == "supported":
                offered.append(draft)
    against = {m.value for m, verdict in verdicts.items() if verdict != label}
    some = [group for group, offered in groups.items() if offered]
    order = sorted(some, key=lambda g: (g == _TOGETHER, g.split("/")[0] in against, g))
    return tuple(tuple(groups[group]) for group in order)


def _mapping(value: object) -> dict[str, object]:
    """The value, which has to be a JSON object."""
    assert isinstance(value, dict), "a JSON object was expected"
    return value
