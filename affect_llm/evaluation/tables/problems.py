"""Sentences about rows: how many, and the first few of them by name."""

from collections.abc import Iterable, Sequence

from affect_llm.types import Model

NAMED = 5
"""Rows that a sentence names: enough to find the mistake, few enough to read."""
_LONGEST = 60
"""Characters of a name in a sentence, so that five of them stay readable."""


class RowFinding(Model):
    """Rows that were counted, left out or read in a way that must be said.

    Args:
        reason: what is the matter, as a noun phrase.
        count: how many rows.
        first: the first few, by id or place.
    """

    reason: str
    count: int
    first: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Reason, count and the first few."""
        where = f" ({listed(self.first, self.count)})" if self.first else ""
        return f"{self.reason}: {self.count}{where}"


def finding(reason: str, rows: Sequence[str]) -> RowFinding:
    """A finding about `rows`, of which it keeps the first few."""
    return RowFinding(
        reason=reason, count=len(rows), first=tuple(short(row) for row in rows[:NAMED])
    )


def listed(things: Iterable[object], total: int | None = None) -> str:
    """The first few things and how many more there are: "a, b, c … and 7 more"."""
    everything = list(things)
    named = ", ".join(short(str(thing)) for thing in everything[:NAMED])
    more = (len(everything) if total is None else total) - min(NAMED, len(everything))
    return f"{named} … and {more} more" if more > 0 else named


def short(text: str) -> str:
    """One line of at most sixty printable characters."""
    line = "".join(c if c.isprintable() else "�" for c in text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
