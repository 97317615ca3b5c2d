"""A row made ready: its cues, its features, and what may be answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from affect_llm.training.sft.rows import Row
from affect_llm.types import CueSheet, Features


@dataclass(frozen=True, slots=True)
class Case:
    """One row.

    Args:
        row: as given.
        sheet: its cues, with an entry for every track that could not be had.
        labels: that may be answered.
        clip: features by track; empty on the text road.
    """

    row: Row
    sheet: CueSheet
    labels: tuple[str, ...]
    clip: Mapping[str, Features] = field(default_factory=dict)

    @property
    def gold(self) -> str:
        """The first right label."""
        return self.row.golds[0]

    def right(self, label: str) -> bool:
        """Whether it is among the right labels."""
        return label in self.row.golds
