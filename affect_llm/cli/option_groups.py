"""Options by the group: a verb takes a dataclass, Typer sees an option for each of its fields."""

from collections.abc import Callable
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
    groups = {
        p.name: p.annotation
        for p in parameters
        if isinstance(p.annotation, type) and is_dataclass(p.annotation)
    }

    @wraps(verb)
    def run(*args: Any, **given: Any) -> R:
        filled = {
            name: group(**{f: given.pop(f) for f in signature(group).parameters if f in given})
            for name, group in groups.items()
        }
        return verb(*args, **given, **filled)

    options: list[Parameter] = []
    for parameter in parameters:
        if parameter.name not in groups:
            options.append(parameter)
            continue
        fields = signature(groups[parameter.name]).parameters.values()
        options += [field.replace(kind=Parameter.KEYWORD_ONLY) for field in fields]
    run.__signature__ = declared.replace(parameters=options)  # type: ignore[attr-defined]
    return run
