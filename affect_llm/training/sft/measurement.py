"""Base model and adapter on the same held-out samples, with controls and trivial baselines."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from accelerate import PartialState
from accelerate.utils import gather_object

from affect_llm.metrics.majority import majority_label
from affect_llm.training.sft.label_scores import LogProbs, Scorer
from affect_llm.training.sft.model import SftModel
from affect_llm.training.sft.samples import TrainingSample
from affect_llm.training.sft.scores import METRICS, Gain, SystemAnswers, answers, most_probable
from affect_llm.training.sft.settings import SftSettings
from affect_llm.training.sft.sft_report import ADAPTER, BASE, SystemScore
from affect_llm.types import Road

Samples = Sequence[TrainingSample]
MAJORITY = "majority"
SWAPPED, WITHOUT = "adapter, features of other clips", "adapter, without features"
_ABOUT = {
    BASE: "the base model as it was, on the same prompts; it has never seen a soft token",
    ADAPTER: "what was trained",
    MAJORITY: "always the commonest training label",
    SWAPPED: "the same prompts with soft tokens of other clips; near chance if features matter",
    WITHOUT: "the same prompts with empty slots",
}


class SystemComparison:
    """Every system's answers to the measured samples, which are held out."""

    def __init__(self, samples: Samples, scorer: Scorer, settings: SftSettings) -> None:
        self.samples = samples
        self._scorer = scorer
        self._settings = settings
        self._answers: dict[str, SystemAnswers] = {}

    def base(self, training: Samples, llm: Any) -> None:
        """Measure the base model before training, and the commonest label of the training part."""
        label = majority_label([sample.gold for sample in training]) or ""
        labels = [label if label in s.labels else s.labels[0] for s in self.samples]
        self._answers[MAJORITY] = answers(self.samples, labels)
        with without_adapter(llm) as plain:
            scored = self._scorer.score(plain, None, self.samples, main_road(self._settings))
            self._add(BASE, scored)

    def adapter(self, model: SftModel) -> None:
        """Measure the adapter on its road; with a projector also the controls of its features."""
        llm, fusion, samples = model.llm, model.fusion, self.samples
        road, score = main_road(self._settings), self._scorer.score
        self._add(ADAPTER, score(llm, fusion, samples, road))
        if fusion is None:
            return
        if self._settings.road == "mixed":
            for single in ("text", "projected"):
                self._add(f"adapter, road {single}", score(llm, fusion, samples, single))
        others = swapped(samples, self._settings.seed)
        self._add(SWAPPED, score(llm, fusion, samples, road, others))
        self._add(WITHOUT, score(llm, None, samples, road))

    @property
    def systems(self) -> tuple[SystemScore, ...]:
        """Scores of all systems, with intervals."""
        return tuple(
            SystemScore(
                name=name,
                about=_ABOUT.get(name, "the adapter on that road alone"),
                scores=tuple(system.score(metric) for metric in METRICS),
            )
            for name, system in self._answers.items()
        )

    @property
    def gains(self) -> tuple[Gain, ...]:
        """Gains of the adapter over every other system."""
        adapter, metric = self._answers[ADAPTER], self._settings.metric
        others = ((name, other) for name, other in self._answers.items() if name != ADAPTER)
        gains = (adapter.gain(other, metric, name) for name, other in others)
        return tuple(gain for gain in gains if gain is not None)

    def _add(self, name: str, scored: Sequence[LogProbs]) -> None:
        self._answers[name] = answers(self.samples, most_probable(scored))


class Validation:
    """Called, it gives the run's metric of the model as it is, shared out among the processes.

    Of the validation part's samples `select_rows` are drawn once.
    """

    def __init__(
        self, samples: Samples, scorer: Scorer, model: SftModel, settings: SftSettings
    ) -> None:
        most = min(settings.select_rows or len(samples), len(samples))
        drawn = random.Random(settings.seed).sample(range(len(samples)), k=most)
        self.samples = [samples[n] for n in sorted(drawn)]
        self._scorer = scorer
        self._model = model
        self._settings = settings

    def __call__(self) -> float:
        """The metric, 0 to 1."""
        state, model = PartialState(), self._model
        mine = list(range(state.process_index, len(self.samples), state.num_processes))
        samples, road = [self.samples[n] for n in mine], main_road(self._settings)
        labels = most_probable(self._scorer.score(model.llm, model.fusion, samples, road))
        numbered = list(zip(mine, labels, strict=True))
        if state.num_processes > 1:
            numbered = sorted(gather_object(numbered))
        system = answers(self.samples, [label for _, label in numbered])
        return system.value(self._settings.metric) or 0.0


def main_road(settings: SftSettings) -> Road:
    """What the adapter is asked with unless somebody says otherwise."""
    return "both" if settings.road == "mixed" else settings.road


@contextmanager
def without_adapter(llm: Any) -> Iterator[Any]:
    """The base model below its LoRA, if it has one."""
    if hasattr(llm, "disable_adapter"):
        with llm.disable_adapter():
            yield llm
    else:
        yield llm


def swapped(samples: Samples, seed: int) -> list[Any]:
    """Features of another sample for each; nobody keeps their own."""
    order = list(range(len(samples)))
    random.Random(seed).shuffle(order)
    taken = dict(zip(order, order[1:] + order[:1], strict=True))
    return [samples[taken[n]].features for n in range(len(samples))]
