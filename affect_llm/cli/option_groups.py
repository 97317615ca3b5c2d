"""Options by the group: a verb takes a dataclass, Typer sees an option for each of its fields."""

from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from functools import wraps
from inspect import Parameter, signature
from typing import Any, TypeVar

R = TypeVar("R")


def option_groups(verb: Callable[..., R]) -> Callable[..., R]:
    """Wrap a verb some of whose keyword parameters are dataclasses of options.

    A field is written as a verb's option, `Annotated[str | None, typer.Option(help="…")] = None`,
    and called as what it fills, so that `asdict` of the group is settings by name. Where the option
    is called otherwise, it says so: `typer.Option("--lang", …)`. A group's options stand where its
    parameter stood, in the order of its fields.

    Raises:
        ValueError: two options of the verb have one name.
    """
    declared = signature(verb)
    parameters = declared.parameters.values()
    groups = {p.name: group for p in parameters if (group := _group(p)) is not None}

    @wraps(verb)
    def run(*args: Any, **given: Any) -> R:
        filled = {name: _filled(group, given) for name, group in groups.items()}
        return verb(*args, **given, **filled)

    options = [option for p in parameters for option in _options(p)]
    run.__signature__ = declared.replace(parameters=options)  # type: ignore[attr-defined]
    return run


def _group(parameter: Parameter) -> type | None:
    """The dataclass that the parameter wants, if it wants one."""
    wanted = parameter.annotation
    return wanted if isinstance(wanted, type) and is_dataclass(wanted) else None


def _options(parameter: Parameter) -> Iterator[Parameter]:
    """The options of the parameter's group; the parameter as it is, if it wants none."""
    group = _group(parameter)
    if group is None:
        yield parameter
        return
    for option in signature(group).parameters.values():
        yield option.replace(kind=Parameter.KEYWORD_ONLY)


def _filled(group: type, given: dict[str, Any]) -> object:
    """The group with its options, which are taken out of `given`."""
    return group(**{name: given.pop(name) for name in signature(group).parameters if name in given})
