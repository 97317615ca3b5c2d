"""Samples as training examples: one task, one road, and the damage of this epoch."""

import random
from collections.abc import Mapping, Sequence

import numpy as np

from affect_llm.adapters.tracks import with_absences
from affect_llm.perturb import Damage, damaged
from affect_llm.prompting.reason import Tracks, reason_prompt
from affect_llm.training.loop.batches import Example
from affect_llm.training.sft.answers import (
    LearnedText,
    description_prompt,
    label_answer,
    whole_answer,
)
from affect_llm.training.sft.samples import TrainingSample
from affect_llm.training.sft.settings import SftSettings, Task
from affect_llm.training.sft.tokens import Tokens
from affect_llm.types import CueSheet, Features, Prompt, Road

Question = tuple[TrainingSample, Task]
"""A sample and a task that it is asked in every epoch."""


def questions_of(samples: Sequence[TrainingSample], settings: SftSettings) -> list[Question]:
    """Every task's share of the samples; a description only of those that have one.

    A weight of 1 asks the task of every sample once an epoch, 0.5 of a half that the seed draws,
    2 twice.
    """
    questions: list[Question] = []
    for task, weight in sorted(settings.tasks.items()):
        able = [s for s in samples if task != "describe" or s.row.description]
        whole, rest = divmod(weight, 1)
        rng = random.Random(f"{settings.seed} {task}")
        drawn = rng.sample(able, k=round(rest * len(able)))
        questions += [(sample, task) for sample in able * int(whole) + drawn]
    return questions


class ExampleMaker:
    """Makes the example of a question for an epoch; the same again for the same two.

    The tracks are those of the projector; on the text road there are none.
    """

    def __init__(
        self, questions: Sequence[Question], tokens: Tokens, tracks: Tracks, settings: SftSettings
    ) -> None:
        self.questions = list(questions)
        self._tokens = tokens
        self._tracks = tracks
        self._settings = settings

    def __call__(self, index: int, epoch: int) -> Example:
        """The example of a question as this epoch shows it."""
        sample, _ = self.questions[index]
        rng = random.Random(f"{self._settings.seed} {epoch} {index}")
        road = self._settings.road
        if road == "mixed":
            roads = self._settings.roads
            (road,) = rng.choices(list(roads), list(roads.values()))
        numbers = np.random.default_rng(rng.getrandbits(64))
        # The curriculum's rates go from the first epoch's to the last one's.
        share = min(1.0, epoch / max(1.0, self._settings.epochs - 1))
        rates = self._settings.curriculum.model_dump().items()
        damage = Damage(**{name: (1 - share) * a + share * b for name, (a, b) in rates})
        sheet, features = damaged(sample.sheet, sample.features, damage, numbers)
        return self.example(self.questions[index], road, sheet, features, rng)

    def longest(self, index: int) -> Example:
        """The example without damage on the road that takes the most room."""
        road: Road = "both" if self._settings.road == "mixed" else self._settings.road
        sample, _ = question = self.questions[index]
        return self.example(question, road, sample.sheet, sample.features, random.Random(0))

    def example(
        self,
        question: Question,
        road: Road,
        sheet: CueSheet,
        features: Mapping[str, Features],
        rng: random.Random,
    ) -> Example:
        """One example as it is, with these cues and features of its sample."""
        if road == "text":
            features = {}
        prompt, answer = self._texts(question, road, with_absences(sheet, features), rng)
        chat = self._tokens.prompt(prompt)
        return self._tokens.example(chat, answer, clip=features, key=question[0].row.id)

    def _texts(
        self, question: Question, road: Road, sheet: CueSheet, rng: random.Random
    ) -> tuple[Prompt, LearnedText]:
        sample, task = question
        if task == "describe":
            text = sample.row.description or ""
            answer = LearnedText(text, None, 0, len(text), ends=True)
            return description_prompt(sheet, self._tracks, road), answer
        prompt = reason_prompt(sheet, sample.labels, self._tracks, road)
        label = rng.choice(sample.row.golds)
        if task == "label":
            return prompt, label_answer(label)
        sentences, chosen = sample.row.sentences, road == "projected"
        return prompt, whole_answer(sheet, label, sentences, rng, chosen=chosen)
