"""Base model and adapter on the same held-out cases, with controls and trivial baselines."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from affect_llm.prompting.reason import TakenRoad
from affect_llm.training.sft.cases import Case
from affect_llm.training.sft.label_scores import LogProbs, Scorer
from affect_llm.training.sft.model import SftModel
from affect_llm.training.sft.scores import (
    METRICS,
    Answers,
    Gain,
    MetricName,
    answers,
    majority,
    most_probable,
)
from affect_llm.training.sft.settings import SftSettings
from affect_llm.training.sft.sft_report import SystemScore

BASE, ADAPTER, MAJORITY = "base", "adapter", "majority"
SWAPPED, WITHOUT = "adapter, features of other clips", "adapter, without features"
_ABOUT = {
    BASE: "the base model as it was, on the same prompts; it has never seen a soft token",
    ADAPTER: "what was trained",
    MAJORITY: "always the commonest training label",
    SWAPPED: "the same prompts with soft tokens of other clips; near chance if features matter",
    WITHOUT: "the same prompts with empty slots",
}


@dataclass(slots=True)
class Measured:
    """Answers of every system to the measured cases, by its name."""

    cases: Sequence[Case]
    metric: MetricName
    found: dict[str, Answers] = field(default_factory=dict)

    def add(self, name: str, scored: Sequence[LogProbs]) -> None:
        """A system's label probabilities."""
        self.found[name] = answers(self.cases, most_probable(scored))

    @property
    def systems(self) -> tuple[SystemScore, ...]:
        """Scores of all, with intervals."""
        return tuple(
            SystemScore(
                name=name,
                about=_ABOUT.get(name, "the adapter on that road alone"),
                scores=tuple(found.score(metric) for metric in METRICS),
            )
            for name, found in self.found.items()
        )

    @property
    def gains(self) -> tuple[Gain, ...]:
        """The adapter's, over every other system."""
        adapter = self.found[ADAPTER]
        others = ((name, found) for name, found in self.found.items() if name != ADAPTER)
        gains = (adapter.gain(found, self.metric, name) for name, found in others)
        return tuple(gain for gain in gains if gain is not None)


def main_road(settings: SftSettings) -> TakenRoad:
    """What the adapter is asked with unless somebody says otherwise."""
    return "both" if settings.road == "mixed" else settings.road


def measure_base(
    measured: Measured, training: Sequence[Case], scorer: Scorer, llm: Any, settings: SftSettings
) -> None:
    """The base model before training, and the majority label."""
    measured.found[MAJORITY] = majority(training, measured.cases)
    with without_adapter(llm) as plain:
        measured.add(BASE, scorer.score(plain, None, measured.cases, main_road(settings)))


def measure_adapter(
    measured: Measured, scorer: Scorer, model: SftModel, settings: SftSettings
) -> None:
    """The adapter on its road; where it has a projector, the controls of its features."""
    road, cases = main_road(settings), measured.cases
    measured.add(ADAPTER, scorer.score(model.llm, model.fusion, cases, road))
    if model.fusion is None:
        return
    if settings.road == "mixed":
        for single in ("text", "projected"):
            scored = scorer.score(model.llm, model.fusion, cases, single)
            measured.add(f"adapter, road {single}", scored)
    clips = swapped(cases, settings.seed)
    measured.add(SWAPPED, scorer.score(model.llm, model.fusion, cases, road, clips))
    measured.add(WITHOUT, scorer.score(model.llm, None, cases, road))


@contextmanager
def without_adapter(llm: Any) -> Iterator[Any]:
    """The base model below its LoRA, if it has one."""
    if hasattr(llm, "disable_adapter"):
        with llm.disable_adapter():
            yield llm
    else:
        yield llm


def swapped(cases: Sequence[Case], seed: int) -> list[Any]:
    """Each case's features are those of another case; nobody keeps their own."""
    order = list(range(len(cases)))
    random.Random(seed).shuffle(order)
    taken = dict(zip(order, order[1:] + order[:1], strict=True))
    return [cases[taken[n]].clip for n in range(len(cases))]
