"""Verbs as a table that can be listed without importing any of them."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb's "module:attribute" (a function or a `typer.Typer`) and its line in the help."""

    target: str
    help: str


def lazy_app(verbs: dict[str, Verb], **options: Any) -> typer.Typer:
    """An app of `verbs` whose `--help` imports none of them; `options` are Typer's."""

    class LazyGroup(TyperGroup):
        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            name, stub, rest = super().resolve_command(ctx, args)
            return name, stub if name is None else load(name, verbs[name]), rest

    app = typer.Typer(cls=LazyGroup, no_args_is_help=True, rich_markup_mode=None, **options)
    for name, verb in verbs.items():
        app.command(name, help=verb.help)(_stub)
    return app


def load(name: str, verb: Verb) -> Any:
    """Import `verb` and make its command."""
    module, _, attribute = verb.target.partition(":")
    target = getattr(import_module(module), attribute)
    if isinstance(target, typer.Typer):
        return typer.main.get_command(target)
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command(name, help=target.__doc__ or verb.help)(target)
    return typer.main.get_command(single)


def _stub() -> None:
    """Stand in for a verb in the group's listing; never run."""
