"""What is wrong with a value that pydantic refused, for the sentence that a person reads."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError


@dataclass(frozen=True, slots=True)
class Problem:
    """The first thing that is wrong with a value.

    Args:
        path: keys and positions that lead to it; empty where the whole is wrong.
        unknown: whether the key itself is not known.
        given: the value that was refused.
        message: why, without a full stop.
    """

    path: tuple[str | int, ...]
    unknown: bool
    given: Any
    message: str

    @property
    def name(self) -> str:
        """The path with dots."""
        return ".".join(map(str, self.path))

    def clause(self, whole: str = "the whole") -> str:
        """Place and reason, as a clause; `whole` is what everything together is called."""
        return f"{self.name or whole}: {self.message}"


def first_problem(error: ValidationError) -> Problem:
    """The first of the errors that pydantic lists: one is enough for a sentence."""
    first = error.errors()[0]
    return Problem(
        path=first["loc"],
        unknown=first["type"] == "extra_forbidden",
        given=first.get("input"),
        message=first["msg"].removeprefix("Value error, "),
    )
