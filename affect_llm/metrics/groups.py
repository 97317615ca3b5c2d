"""What turns emotion words into groups, whoever wrote the vocabulary."""

from typing import Protocol


class Grouping(Protocol):
    """One way to sort words into groups, such as the inner ring of one emotion wheel.

    `name` is the metric's name in a report ("M3-W1-L1"), `version` says which vocabulary at which
    version it stands on ("official-2025").
    """

    @property
    def name(self) -> str:
        """What the scores of this grouping are called."""
        ...

    @property
    def version(self) -> str:
        """The vocabulary and its version."""
        ...

    def group(self, word: str) -> str | None:
        """The group of a word (any case, spaces around it ignored); None if it has none."""
        ...
