"""The command line's verbs."""

import typer

app = typer.Typer(no_args_is_help=True)
