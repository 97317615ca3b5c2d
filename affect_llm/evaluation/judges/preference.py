"""Which of two descriptions would people prefer? Asked in both orders, as in EmoPrefer.

Choices are held against those of people, and the two orders against each other: a judge that
goes by position names the same place twice.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import DataError, ParseFailure
from affect_llm.evaluation.judges.choices import preference_schema, read_choice
from affect_llm.evaluation.judges.judgement import JudgeCard
from affect_llm.evaluation.judges.procedure import prompt_of
from affect_llm.evaluation.judges.replies import Asker, Reply
from affect_llm.evaluation.judges.written import Written
from affect_llm.evaluation.scores import SEED
from affect_llm.metrics.bootstrap import bootstrap_interval
from affect_llm.metrics.preference import Place, preference_agreement
from affect_llm.prompting.cue_line import quote, render_cue
from affect_llm.prompting.files import prompt_file
from affect_llm.prompting.salience import select_cues
from affect_llm.types import CueSheet, Model, Prompt

PROMPT = "judge_preference"
VERSION = 1
_OTHER: dict[Place, Place] = {"first": "second", "second": "first"}


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
    found = [
        _preference(pair.id, (given, turned), constrained=asker.constrained)
        for pair, given, turned in zip(pairs, replies[::2], replies[1::2], strict=True)
    ]
    return _report(pairs, found, _card(asker))


def _prompt(pair: DescriptionPair, *, swapped: bool) -> Prompt:
    cues = select_cues(pair.sheet) if pair.sheet is not None else ()
    texts = (pair.second, pair.first) if swapped else (pair.first, pair.second)
    values = {"first": quote(texts[0]), "second": quote(texts[1])}
    values["cues"] = "\n".join(render_cue(cue) for cue in cues) or json.dumps("none given")
    return prompt_of(prompt_file(PROMPT), values, preference_schema())


def _preference(id_: str, replies: tuple[Reply, Reply], *, constrained: bool) -> Preference:
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


def _report(
    pairs: Sequence[DescriptionPair], found: Sequence[Preference], card: JudgeCard
) -> PreferenceReport:
    told = [(p.human, f) for p, f in zip(pairs, found, strict=True) if p.human is not None]
    human = preference_agreement(
        [h for h, _ in told], [f.as_given for _, f in told], [f.swapped for _, f in told]
    )
    # What does not depend on people is taken over all pairs; a made-up choice stands in for theirs.
    own = preference_agreement(
        ["first"] * len(found), [f.as_given for f in found], [f.swapped for f in found]
    )
    assert own is not None, "there is a pair"
    return PreferenceReport(
        judge=card,
        n=len(found),
        with_human=len(told),
        agreement=human.agreement if human else None,
        interval=_interval(told),
        robust=human.robust if human else None,
        consistent=own.consistent,
        position_bias=own.position_bias,
        unparsed=own.unparsed,
        preferences=tuple(found),
    )


def _interval(told: Sequence[tuple[Place, Preference]]) -> tuple[float, float] | None:
    """Of the agreement, over pairs."""
    right = np.array(
        [((f.as_given == h) + (f.swapped == _OTHER[h])) / 2 for h, f in told], dtype=np.float64
    )

    def statistic(index: NDArray[np.intp]) -> float | None:
        return float(right[index].mean()) if len(index) else None

    rng = np.random.default_rng(SEED)
    return bootstrap_interval(statistic, [f.id for _, f in told], rng)


def _card(asker: Asker) -> JudgeCard:
    decoding = "constrained" if asker.constrained else "free"
    return JudgeCard(
        name="preference",
        version=VERSION,
        model=asker.model,
        prompts=(prompt_file(PROMPT).passport,),
        parser=f"robust, {decoding}",
        orders=2,
    )
