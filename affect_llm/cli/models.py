"""`affect-llm models`: the weights of the store."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from affect_llm.cli.exits import USER_ERROR, user_errors
from affect_llm.errors import WeightsError
from affect_llm.store.cache import locate, read_stamp, store_root
from affect_llm.store.entries import Entry, entries, entry

models_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    help="List, pull, import and verify weights.",
)

Name = Annotated[str, typer.Argument(help="A name from `affect-llm models list`.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]


@models_app.command("list")
@user_errors
def list_models(as_json: AsJson = False) -> None:
    """List every weight the store knows, and which are here."""
    rows = [row(item) for item in entries().values()]
    if as_json:
        import json

        typer.echo(json.dumps({"store": str(store_root()), "models": rows}, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"Weights in {store_root()}", title_justify="left", box=None)
    for heading in ("name", "here", "size", "hash", "licence", "for"):
        table.add_column(heading, no_wrap=heading != "for", overflow="fold")
    for item in rows:
        here = "yes" if item["present"] else "no"
        pinned = "pinned" if item["pinned"] else "unpinned"
        size, licence = size_text(item["size"]), str(item["licence"])
        table.add_row(str(item["name"]), here, size, pinned, licence, str(item["purpose"]))
    Console().print(table)


@models_app.command("pull")
@user_errors
def pull_model(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Download a weight, verify its sha256 and put it into the store."""
    wanted = entry(name)
    if locate(name) is None:
        _confirm(wanted, yes)
    from affect_llm.cli.progress import byte_progress
    from affect_llm.store.pull import pull

    with byte_progress(name, wanted.size) as advance:
        pull(name, advance)
    _say_where(name)


@models_app.command("import")
@user_errors
def import_model(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders that lie on this machine.")],
) -> None:
    """Take in files from this machine; they are recognised by their sha256."""
    from affect_llm.cli.progress import byte_progress
    from affect_llm.store.imports import import_files

    with byte_progress("import", None) as advance:
        imported = import_files(paths, advance)
    for item in imported:
        typer.echo(f"{item.name}: took in {', '.join(item.files)}", err=True)
        if item.missing:
            typer.echo(f"{item.name}: still missing {', '.join(item.missing)}", err=True)
        else:
            _say_where(item.name)


@models_app.command("verify")
@user_errors
def verify_models(
    name: Annotated[
        str | None, typer.Argument(help="One name; all that are here if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Hash weights again; a changed one is taken out, and the exit code is 2."""
    from affect_llm.cli.progress import byte_progress
    from affect_llm.store.verification import verify

    names = [entry(name).name] if name else [n for n in entries() if locate(n) is not None]
    with byte_progress("verify", None) as advance:
        checked = [verify(n, advance) for n in names]
    for item in checked:
        typer.echo(item.model_dump_json() if as_json else f"{item.name}: {item.state}")
        for problem in item.problems:
            typer.echo(f"error: {problem}", err=True)
    bad = ("corrupt",) if name is None else ("corrupt", "absent")
    if any(item.state in bad for item in checked):
        raise typer.Exit(USER_ERROR)


def row(item: Entry) -> dict[str, object]:
    """What is known of an entry, as JSON values."""
    path = locate(item.name)
    stated = ("pinned", "size", "licence", "source", "revision", "extra")
    return {
        "name": item.name,
        "purpose": item.purpose,
        "present": path is not None,
        "path": None if path is None else str(path),
        **{key: getattr(item, key) for key in stated},
        "files": [f.model_dump() for f in item.files],
    }


def size_text(size: object) -> str:
    """Bytes as megabytes or gigabytes; "?" when unknown."""
    if not isinstance(size, int):
        return "?"
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def _confirm(item: Entry, yes: bool) -> None:
    """Say what would come, and ask at a terminal; elsewhere an unpinned entry needs `--yes`."""
    size = "of unknown size" if item.size is None else f"{item.size / 1e6:.1f} MB"
    typer.echo(f"{item.name}: {item.purpose}, {size}, from {item.source}", err=True)
    typer.echo(f"licence: {item.licence}", err=True)
    loose = [f.path for f in item.files if f.sha256 is None]
    if loose:
        typer.echo(
            f"unpinned: no published sha256 is known for {', '.join(loose)}; what arrives first "
            "is recorded and held to afterwards",
            err=True,
        )
    if yes:
        return
    if sys.stdin.isatty():
        typer.confirm("Download it?", default=True, abort=True, err=True)
    elif not item.pinned:
        raise WeightsError(
            f"'{item.name}' has files without a published sha256 and is not trusted silently. "
            f"Accept that with: affect-llm models pull {item.name} --yes."
        )


def _say_where(name: str) -> None:
    stamp = read_stamp(name)
    for file in (f for f in (stamp.files if stamp else ()) if not f.pinned):
        typer.echo(f"unpinned: {file.path} recorded as sha256 {file.sha256}", err=True)
    typer.echo(str(locate(name)))
