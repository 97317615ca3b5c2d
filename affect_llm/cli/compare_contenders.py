"""What the command line names as one to be compared becomes settings."""

from dataclasses import dataclass

from affect_llm.errors import ConfigError
from affect_llm.types import ROADS


@dataclass(frozen=True, slots=True)
class Contender:
    """Who is to answer: a reasoner, its model, an adapter and a road; None for what is default."""

    reasoner: str
    model: str | None = None
    adapter: str | None = None
    road: str | None = None

    @property
    def name(self) -> str:
        """What was typed, with the road where one was named."""
        model = f":{self.model}" if self.model else ""
        adapter = f"@{self.adapter}" if self.adapter else ""
        return f"{self.reasoner}{model}{adapter}" + (f" ({self.road})" if self.road else "")


def parse_contender(spec: str, road: str | None = None) -> Contender:
    """Read `name`, `name:model`, `name@adapter` or `name:model@adapter`.

    The adapter begins at the last "@"; a model whose own name has one ends in "@".

    Raises:
        ConfigError: no reasoner is named.
    """
    before, at, adapter = spec.rpartition("@")
    reasoner, _, model = (before if at else spec).partition(":")
    if not reasoner.strip():
        raise ConfigError(
            f"'{spec}' names no reasoner. Write NAME, NAME:MODEL, NAME@ADAPTER or "
            "NAME:MODEL@ADAPTER."
        )
    return Contender(reasoner.strip(), model or None, (adapter or None) if at else None, road)


def two_contenders(first: str, second: str | None, roads: str | None) -> list[Contender]:
    """The two that are compared: two reasoners, or one on two roads.

    Raises:
        ConfigError: neither a second reasoner nor two roads are named, or an unknown road.
    """
    if second is None and roads is None:
        raise ConfigError(
            "Name two reasoners to compare (affect-llm compare FILE embedded fake), or one and "
            "--roads text,projected."
        )
    taken = [None, None] if roads is None else [part.strip() for part in roads.split(",")]
    if roads is not None and (len(taken) != 2 or any(road not in ROADS for road in taken)):
        raise ConfigError(
            f"--roads wants two of {', '.join(ROADS)} as a comma list, not '{roads}'."
        )
    pair = [parse_contender(first, taken[0]), parse_contender(second or first, taken[1])]
    if pair[0] == pair[1]:
        raise ConfigError(f"'{pair[0].name}' would be compared with itself.")
    return pair
