"""The validation part's score while training, shared out among the processes."""

import random
from collections.abc import Sequence

from accelerate import PartialState
from accelerate.utils import gather_object

from affect_llm.training.sft.cases import Case
from affect_llm.training.sft.label_scores import Scorer
from affect_llm.training.sft.measurement import main_road
from affect_llm.training.sft.model import SftModel
from affect_llm.training.sft.scores import answers, most_probable
from affect_llm.training.sft.settings import SftSettings


class Validation:
    """Called, it gives the run's metric of the model as it is.

    Args:
        cases: of the validation part; `select_rows` of them are drawn once.
        scorer: of labels.
        model: in training.
        settings: of the run.
    """

    def __init__(
        self, cases: Sequence[Case], scorer: Scorer, model: SftModel, settings: SftSettings
    ) -> None:
        most = settings.select_rows or len(cases)
        drawn = random.Random(settings.seed).sample(range(len(cases)), k=min(most, len(cases)))
        self.cases = [cases[n] for n in sorted(drawn)]
        self._scorer = scorer
        self._model = model
        self._settings = settings

    def __call__(self) -> float:
        """The metric, 0 to 1."""
        state = PartialState()
        own = list(range(state.process_index, len(self.cases), state.num_processes))
        scored = self._scorer.score(
            self._model.llm,
            self._model.fusion,
            [self.cases[n] for n in own],
            main_road(self._settings),
        )
        said = list(zip(own, most_probable(scored), strict=True))
        whole = sorted(gather_object(said)) if state.num_processes > 1 else said
        found = answers(self.cases, [label for _, label in whole])
        return found.value(self._settings.metric) or 0.0
