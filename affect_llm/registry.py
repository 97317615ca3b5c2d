"""Name → component, as a table that can be read without importing anything heavy."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import entry_points
from typing import Generic, TypeVar, cast

from affect_llm.errors import UnknownComponent

T = TypeVar("T")


class Registry(Generic[T]):
    """A family of components under their names.

    Third parties add to a family by an entry point in the group `affect_llm.<family>`, blanks
    as underscores (`affect_llm.face_extractors`); a name that the table already holds cannot be
    taken over.

    Args:
        family: plural noun used in messages and in the entry-point group ("reasoners").
        table: name → "module:attribute"; imported when first asked for.
    """

    def __init__(self, family: str, table: Mapping[str, str]) -> None:
        self.family = family
        self._table = dict(table)

    def names(self) -> tuple[str, ...]:
        """Every name, sorted."""
        return tuple(sorted(self._targets()))

    def get(self, name: str) -> T:
        """The component called `name`.

        Raises:
            UnknownComponent: no such name; the message lists those there are.
        """
        target = self._targets().get(name)
        if target is None:
            raise UnknownComponent(self._unknown(name))
        module, _, attribute = target.partition(":")
        return cast(T, getattr(import_module(module), attribute))

    def _targets(self) -> dict[str, str]:
        group = f"affect_llm.{self.family.replace(' ', '_')}"
        found = {e.name: e.value for e in entry_points(group=group)}
        return {**found, **self._table}

    def _unknown(self, name: str) -> str:
        return unknown_name(self.family, name, self.names())


def unknown_name(family: str, name: str, known: Iterable[str]) -> str:
    """The sentence for a name that is not among `known`: a near match, then all of them."""
    names = list(known)
    near = get_close_matches(name, names, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"There is no '{name}' among the {family}.{hint} Known: {', '.join(names)}."
