"""The entries that a report is made of."""

from dataclasses import dataclass, replace
from pathlib import Path

from affect_llm.pipeline import Failure
from affect_llm.types import EmotionResult

Outcome = EmotionResult | Failure


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """One outcome and the file it is about; `media` is None for a text typed in."""

    outcome: Outcome
    media: Path | None = None

    @property
    def name(self) -> str:
        """What the clip is called."""
        return self.outcome.name if isinstance(self.outcome, Failure) else self.outcome.clip_name

    @property
    def result(self) -> EmotionResult | None:
        """The answer; None for a failure."""
        return None if isinstance(self.outcome, Failure) else self.outcome


def writable(outcome: Outcome) -> Outcome:
    """The same outcome with a name that can be written as UTF-8.

    A file name is bytes to the system; those that are no UTF-8 arrive as lone surrogates.
    """
    if isinstance(outcome, Failure):
        return replace(outcome, name=_utf8(outcome.name), message=_utf8(outcome.message))
    return outcome.model_copy(update={"clip_name": _utf8(outcome.clip_name)})


def _utf8(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
