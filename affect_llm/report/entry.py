"""What a report is made of."""

from dataclasses import dataclass
from pathlib import Path

from affect_llm.pipeline import Failure
from affect_llm.types import EmotionResult

Outcome = EmotionResult | Failure


@dataclass(frozen=True, slots=True)
class Entry:
    """One outcome and the file it is about; `media` is None for a text typed in."""

    outcome: Outcome
    media: Path | None = None
