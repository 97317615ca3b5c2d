"""Cases as training examples: one task, one road, and the damage of this epoch."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from affect_llm.adapters.tracks import with_absences
from affect_llm.perturb import Damage, damaged
from affect_llm.prompting.reason import TakenRoad, Tracks, reason_prompt
from affect_llm.training.loop.example import Example
from affect_llm.training.sft.cases import Case
from affect_llm.training.sft.description import describe_prompt
from affect_llm.training.sft.settings import SftSettings, Task
from affect_llm.training.sft.targets import (
    Target,
    answer_target,
    described,
    description_target,
    label_target,
    told_of,
    without_sentences,
)
from affect_llm.training.sft.tokens import Tokens
from affect_llm.types import CueSheet, Features, Prompt


@dataclass(frozen=True, slots=True)
class Item:
    """A case and the task that it is asked in every epoch."""

    case: Case
    task: Task


def items_of(cases: Sequence[Case], settings: SftSettings) -> list[Item]:
    """Every task's share of the cases; a description only of those that have one.

    A weight of 1 asks the task of every case once an epoch, 0.5 of a half that the seed draws, 2
    twice.
    """
    found = []
    for task, weight in sorted(settings.tasks.items()):
        able = [c for c in cases if task != "describe" or described(c.row)]
        whole, rest = divmod(weight, 1)
        rng = random.Random(f"{settings.seed} {task}")
        found += [Item(case, task) for case in able * int(whole)]
        found += [Item(case, task) for case in rng.sample(able, k=round(rest * len(able)))]
    return found


class ExampleMaker:
    """Makes the example of an item for an epoch; the same again for the same two.

    Args:
        items: of the training part.
        tokens: of the base model.
        tracks: of the projector; empty on the text road.
        settings: of the run.
    """

    def __init__(
        self, items: Sequence[Item], tokens: Tokens, tracks: Tracks, settings: SftSettings
    ) -> None:
        self.items = list(items)
        self._tokens = tokens
        self._tracks = tracks
        self._settings = settings

    def __call__(self, index: int, epoch: int) -> Example:
        """The example of an item as this epoch shows it."""
        item = self.items[index]
        rng = random.Random(f"{self._settings.seed} {epoch} {index}")
        road = self.road(rng)
        numbers = np.random.default_rng(rng.getrandbits(64))
        sheet, clip = damaged(item.case.sheet, item.case.clip, self.damage(epoch), numbers)
        return self.example(item, road, sheet, clip, rng)

    def longest(self, index: int) -> Example:
        """The example without damage on the road that takes the most room."""
        road: TakenRoad = "both" if self._settings.road == "mixed" else self._settings.road
        case = self.items[index].case
        return self.example(self.items[index], road, case.sheet, case.clip, random.Random(0))

    def road(self, rng: random.Random) -> TakenRoad:
        """The run's road, or one of the three by chance."""
        if self._settings.road != "mixed":
            return self._settings.road
        roads = self._settings.roads
        (chosen,) = rng.choices(list(roads), list(roads.values()))
        return chosen

    def damage(self, epoch: int) -> Damage:
        """The curriculum's rates, from the first epoch's to the last one's."""
        last = max(1.0, self._settings.epochs - 1)
        share = min(1.0, epoch / last)
        rates = {
            name: (1 - share) * first + share * then
            for name, (first, then) in self._settings.curriculum.model_dump().items()
        }
        return Damage(**rates)

    def example(
        self,
        item: Item,
        road: TakenRoad,
        sheet: CueSheet,
        clip: dict[str, Features] | Any,
        rng: random.Random,
    ) -> Example:
        """One example as it is."""
        case = item.case
        if road != "text":
            sheet = with_absences(sheet, clip)
        prompt, target = self._asked(item, road, sheet, rng)
        asked = self._tokens.prompt(prompt)
        shown = {} if road == "text" else clip
        return self._tokens.example(asked, target, clip=shown, key=case.row.id)

    def _asked(
        self, item: Item, road: TakenRoad, sheet: CueSheet, rng: random.Random
    ) -> tuple[Prompt, Target]:
        case = item.case
        if item.task == "describe":
            text = described(case.row) or ""
            return describe_prompt(sheet, self._tracks, road), description_target(text)
        prompt = reason_prompt(sheet, case.labels, self._tracks, road)
        label = rng.choice(case.row.golds)
        if item.task == "label":
            return prompt, label_target(label)
        target = answer_target(sheet, label, told_of(case.row), rng)
        return prompt, without_sentences(target) if road == "projected" else target
