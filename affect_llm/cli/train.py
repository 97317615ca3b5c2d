"""`affect-llm train …`: an adapter from labelled rows, merged or exported afterwards."""

import typer

from affect_llm.cli.train_merge import export, merge
from affect_llm.cli.train_sft import sft

train_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)
train_app.command("sft")(sft)
train_app.command("merge")(merge)
train_app.command("export")(export)
