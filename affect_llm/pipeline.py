"""The only composer: a source goes in, an explained emotion comes out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from affect_llm.config import Settings
from affect_llm.types import EmotionResult


@dataclass(frozen=True, slots=True)
class Source:
    """What to explain: a file, a text, or a file with the words spoken in it.

    Args:
        path: a local media or text file.
        text: the words; with `path`, its transcript, which wins over any other.
    """

    path: Path | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be read, and the sentence that says why."""

    name: str
    message: str


class Pipeline:
    """Holds the extractors and the reasoner of one run, loaded once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def run(self, sources: Iterable[Source]) -> Iterator[EmotionResult | Failure]:
        """Explain every source, in order; a bad one yields a `Failure` and the rest go on."""
        raise NotImplementedError
