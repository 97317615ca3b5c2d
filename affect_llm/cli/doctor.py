"""`affect-llm doctor`: what is installed, which weights are here, and does it answer."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affect_llm.cli.exits import USER_ERROR, user_errors

if TYPE_CHECKING:
    from rich.table import Table

    from affect_llm.cli.adapter_health import AdapterHealth
    from affect_llm.cli.health import Health


@user_errors
def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Leave the example clip out.")] = False,
    adapter: Annotated[
        Path | None, typer.Option(help="Say only whether this adapter is whole and what it needs.")
    ] = None,
) -> None:
    """Say what is installed, which weights are here, and whether the example clip is answered."""
    from affect_llm.cli.adapter_health import AdapterHealth, examine_adapter
    from affect_llm.cli.health import examine

    health = examine(quick=quick) if adapter is None else examine_adapter(adapter)
    if as_json:
        import json

        typer.echo(json.dumps({"ok": health.ok, **health.model_dump()}, indent=2))
    elif isinstance(health, AdapterHealth):
        _print_adapter(health)
    else:
        _print(health)
    if not health.ok:
        raise typer.Exit(USER_ERROR)


def _print_adapter(health: "AdapterHealth") -> None:
    typer.echo(f"adapter {health.passport}: whole, {' and '.join(health.holds)}")
    typer.echo(f"trained for the road '{health.road}' on {health.base}")
    typer.echo("calibrated" if health.calibrated else "not calibrated")
    for track in health.tracks:
        typer.echo(f"track {track.track}: {track.encoder}: {track.problem or 'here'}")
    for problem in filter(None, (health.base_problem, health.prompt_problem)):
        typer.echo(f"problem: {problem}")
    typer.echo("it can be used here" if health.ok else "it cannot be used here: see above")


def _print(health: "Health") -> None:
    from rich.console import Console

    console = Console()
    console.print(
        f"affect-llm {health.affect_llm}, Python {health.python}, {health.platform}",
        highlight=False,
    )
    console.print(f"devices: {', '.join(health.devices)}", highlight=False)
    reasoners = _table(("reasoner", "who answers"), health.reasoners.items())
    for table in (_extras(health), reasoners, _weights(health)):
        console.print()
        console.print(table)
    clip = health.golden_clip
    took = "" if clip.seconds is None else f" in {clip.seconds:.1f} s"
    console.print(f"\nexample clip: {clip.state}{took}: {clip.detail}", highlight=False)
    console.print(
        "everything that ships is whole" if health.ok else "something is broken: see above"
    )


def _extras(health: "Health") -> "Table":
    rows = []
    for extra, packages in health.extras.items():
        here = [f"{name} {version}" for name, version in packages.items() if version]
        missing = [name for name, version in packages.items() if version is None]
        rows.append((extra, ", ".join(here), ", ".join(missing)))
    return _table(("extra", "installed", "missing"), rows)


def _weights(health: "Health") -> "Table":
    rows = []
    for weights in health.shipped:
        state = "broken" if weights.problems else "shipped"
        rows.append((weights.name, state, " ".join(weights.problems)))
    for name, present in health.models.items():
        remark = "" if present else f"affect-llm models pull {name}"
        rows.append((name, "in the store" if present else "not here", remark))
    return _table(("weights", "state", "remark"), rows)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
