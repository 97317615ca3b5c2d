"""Which of two descriptions would people prefer? Asked in both orders, as in EmoPrefer.

Choices are held against those of people, and the two orders against each other: a judge that
goes by position names the same place twice.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from affect_llm.errors import DataError, ParseFailure
from affect_llm.evaluation.intervals import mean_score
from affect_llm.evaluation.judges.judgement import JudgeCard, Written
from affect_llm.evaluation.judges.procedure import prompt_of
from affect_llm.evaluation.judges.replies import Asker, JudgeReply
from affect_llm.evaluation.judges.verdicts import json_object, refuse_unasked
from affect_llm.metrics.preference import Place, preference_agreement
from affect_llm.prompting.cue_line import quote, render_cue
from affect_llm.prompting.files import prompt_file
from affect_llm.prompting.salience import select_cues
from affect_llm.types import CueSheet, Model, Prompt

PROMPT = "judge_preference"
VERSION = 1
"""The version of this way of asking, which rises with the order, the schema or the reading."""
_PLACES: dict[str, Place] = {"1": "first", "2": "second"}
_OTHER: dict[Place, Place] = {"first": "second", "second": "first"}
# A 1 or 2 that is no part of another number ("12", "1.5").
_CHOICE = re.compile(r"(?<![\d.])[12](?![\d.]*\d)")
_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        # The reason comes first, so that the choice follows from it.
        "reason": {"type": "string", "maxLength": 240},
        "choice": {"enum": [1, 2]},
    },
    "required": ["reason", "choice"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class DescriptionPair:
    """Two descriptions of one clip.

    Args:
        id: of the pair.
        first, second: the texts.
        human: which of them people prefer; None where nobody was asked.
        sheet: the clip's cues, shown to the judge; None to judge the texts alone.
    """

    id: str
    first: str
    second: str
    human: Place | None = None
    sheet: CueSheet | None = None


class Preference(Model):
    """`affect-llm/preference@1`: the places that a judge named for one pair.

    Args:
        as_given: the place named in the given order, None where it could not be read.
        swapped: the place named when the same pair stood in the other order, as shown then.
        chosen: the description that both orders name; None where they differ.
        problems: why an answer could not be read.
        raw: both replies.
    """

    schema_version: Literal["affect-llm/preference@1"] = "affect-llm/preference@1"
    id: str
    as_given: Place | None
    swapped: Place | None
    chosen: Place | None
    problems: tuple[str, ...]
    raw: tuple[Written, Written]


class PreferenceReport(Model):
    """How a judge's preferences go with people's, and with themselves.

    Args:
        n: pairs judged; of these `with_human` have a choice of people's.
        agreement: share of people's choices that the judge makes, mean of both orders, with its
            interval by pair; an answer that cannot be read agrees with nobody. A coin gets .5.
        robust: share of pairs where both orders name the people's choice.
        consistent: share of pairs where both orders name the same description.
        position_bias: how much oftener than half the first place was named, -.5 to .5.
        unparsed: answers out of 2 n that could not be read.
    """

    judge: JudgeCard
    n: int
    with_human: int
    agreement: float | None
    interval: tuple[float, float] | None
    robust: float | None
    consistent: float
    position_bias: float | None
    unparsed: int
    preferences: tuple[Preference, ...]


def judge_preferences(pairs: Sequence[DescriptionPair], asker: Asker) -> PreferenceReport:
    """Judge each pair in both orders.

    Raises:
        DataError: there is no pair, or an id comes twice.
        AffectError: the reasoner cannot answer.
    """
    if len({pair.id for pair in pairs}) != len(pairs) or not pairs:
        raise DataError(f"Preference needs pairs with different ids, and got {len(pairs)} pairs.")
    prompts = [_prompt(pair, swapped=turned) for pair in pairs for turned in (False, True)]
    replies = asker.ask(prompts)
    choices = [
        _preference(pair.id, (given, turned), constrained=asker.constrained)
        for pair, given, turned in zip(pairs, replies[::2], replies[1::2], strict=True)
    ]
    both = [(p.human, c) for p, c in zip(pairs, choices, strict=True) if p.human is not None]
    human = preference_agreement(
        [h for h, _ in both], [c.as_given for _, c in both], [c.swapped for _, c in both]
    )
    # What does not depend on people is taken over all pairs; a made-up choice stands in for theirs.
    judge = preference_agreement(
        ["first"] * len(pairs), [c.as_given for c in choices], [c.swapped for c in choices]
    )
    assert judge is not None, "there is a pair"
    shares = [((c.as_given == h) + (c.swapped == _OTHER[h])) / 2 for h, c in both]
    return PreferenceReport(
        judge=asker.card("preference", VERSION, (prompt_file(PROMPT).provenance,), "robust", 2),
        n=len(pairs),
        with_human=len(both),
        agreement=human.agreement if human else None,
        interval=mean_score("agreement", np.array(shares), [c.id for _, c in both]).interval,
        robust=human.robust if human else None,
        consistent=judge.consistent,
        position_bias=judge.position_bias,
        unparsed=judge.unparsed,
        preferences=tuple(choices),
    )


def read_choice(reply: JudgeReply, *, constrained: bool) -> Place:
    """The place that a reply names: the JSON asked for, or the only 1 or 2 in it.

    Raises:
        ParseFailure: neither, or both; the message says why.
    """
    refuse_unasked(reply)
    answer = json_object(reply.text)
    if answer is None and constrained:
        raise ParseFailure("the answer is not whole")
    text = reply.text if answer is None else str(answer.get("choice", ""))
    places = set(_CHOICE.findall(unicodedata.normalize("NFKC", text)))
    if len(places) != 1:
        raise ParseFailure("no choice in the reply" if not places else "both places are named")
    return _PLACES[places.pop()]


def _prompt(pair: DescriptionPair, *, swapped: bool) -> Prompt:
    cues = select_cues(pair.sheet) if pair.sheet is not None else ()
    texts = (pair.second, pair.first) if swapped else (pair.first, pair.second)
    values = {"first": quote(texts[0]), "second": quote(texts[1])}
    values["cues"] = "\n".join(render_cue(cue) for cue in cues) or json.dumps("none given")
    return prompt_of(prompt_file(PROMPT), values, _SCHEMA)


def _preference(
    id_: str, replies: tuple[JudgeReply, JudgeReply], *, constrained: bool
) -> Preference:
    places: list[Place | None] = []
    problems: list[str] = []
    for reply in replies:
        try:
            places.append(read_choice(reply, constrained=constrained))
        except ParseFailure as failure:
            places.append(None)
            problems.append(str(failure))
    given, turned = places
    return Preference(
        id=id_,
        as_given=given,
        swapped=turned,
        chosen=given if given is not None and turned == _OTHER[given] else None,
        problems=tuple(problems),
        raw=(replies[0].text, replies[1].text),
    )
