"""Name → component, as a table that can be read without importing anything heavy."""

import logging
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar, cast

from affect_llm.errors import AffectError, ConfigError, UnknownComponent

T = TypeVar("T")
PLUGINS_VARIABLE = "AFFECT_LLM_PLUGINS"
"""Packages whose components are let in, as a comma list; unset for all, empty for none."""
log = logging.getLogger(__name__)


class Registry(Generic[T]):
    """A family of components under their names.

    Third parties add to a family by an entry point in the group `affect_llm.<family>`, blanks
    as underscores (`affect_llm.face_extractors`); a name that the table already holds cannot be
    taken over. A package that is broken concerns only those who ask for what it registers.

    Args:
        family: plural noun used in messages and in the entry-point group ("reasoners").
        table: name → "module:attribute"; imported when first asked for.
    """

    def __init__(self, family: str, table: Mapping[str, str]) -> None:
        self.family = family
        self._table = dict(table)

    def names(self) -> tuple[str, ...]:
        """Every name, sorted."""
        return tuple(sorted(self._entry_points()))

    def get(self, name: str) -> T:
        """The component called `name`.

        Raises:
            UnknownComponent: no such name; the message lists those there are.
            ConfigError: a third party registers the name, and its package cannot be loaded.
        """
        entry = self._entry_points().get(name)
        if entry is None:
            raise UnknownComponent(unknown_name(self.family, name, self.names()))
        try:
            return cast(T, entry.load())
        except AffectError:
            raise
        except Exception as error:  # whatever a stranger's module raises while it is imported
            if name in self._table:
                raise
            raise ConfigError(
                f"'{name}' among the {self.family} comes from {_package(entry)}, which cannot be "
                f"loaded: {type(error).__name__}: {error}. Update that package, or remove it."
            ) from error

    def components(self) -> Iterator[tuple[str, T]]:
        """Every name with its component: the table's in its order, then those of third parties.

        What a third party's broken package registers is logged and left out.
        """
        for name in (*self._table, *(n for n in self.names() if n not in self._table)):
            try:
                yield name, self.get(name)
            except ConfigError as error:
                if name in self._table:
                    raise
                log.warning("%s", error)

    def _entry_points(self) -> dict[str, EntryPoint]:
        group = f"affect_llm.{self.family.replace(' ', '_')}"
        allowed = os.environ.get(PLUGINS_VARIABLE)
        packages = None if allowed is None else {name.strip() for name in allowed.split(",")}
        strangers = {
            entry.name: entry
            for entry in _registered(group, tuple(sys.path))
            if packages is None or _package(entry) in packages
        }
        table = {name: EntryPoint(name, target, group) for name, target in self._table.items()}
        return {**strangers, **table}


@cache
def _registered(group: str, path: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    """What the packages on the search path register in a group.

    A look takes some milliseconds and a run asks dozens of times; another path is looked at anew.
    """
    return tuple(entry_points(group=group))


def _package(entry: EntryPoint) -> str:
    """The name of the package that registers an entry point."""
    return entry.dist.name if entry.dist is not None else entry.value


def unknown_name(family: str, name: str, known: Iterable[str]) -> str:
    """The sentence for a name that is not among `known`: a near match, then all of them."""
    names = list(known)
    near = get_close_matches(name, names, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"There is no '{name}' among the {family}.{hint} Known: {', '.join(names)}."
