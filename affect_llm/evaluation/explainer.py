"""The part of the pipeline that is measured."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from affect_llm.config import Settings
from affect_llm.pipeline import Failure, Pipeline, Source
from affect_llm.types import CueSheet, EmotionResult


class Explainer(Protocol):
    """What `affect_llm.pipeline.Pipeline` does; tests put a stub in its place."""

    def run(self, sources: Iterable[Source]) -> Iterator[EmotionResult | Failure]:
        """Explain every source, in order."""
        ...

    def explain_sheets(self, sheets: Sequence[tuple[str, CueSheet]]) -> list[EmotionResult]:
        """Explain cues that were put together elsewhere, as the clips of the given ids."""
        ...


MakeExplainer = Callable[[Settings], Explainer]


def product(settings: Settings) -> Explainer:
    """The product itself."""
    return Pipeline(settings)
