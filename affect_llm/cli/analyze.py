"""`affect-llm analyze`: sources in, explained emotions out."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from affect_llm.cli.exits import user_errors
from affect_llm.cli.option_groups import option_groups
from affect_llm.cli.options import AsJson, ConfigFile, ReasonerOptions, Report, RunOptions


@user_errors
@option_groups
def analyze(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Videos, recordings, pictures or text files.")
    ] = None,
    *,
    text: Annotated[
        str | None, typer.Option(help="A text to explain; with one file, the words spoken in it.")
    ] = None,
    as_json: AsJson = False,
    report: Report = None,
    who: ReasonerOptions,
    run: RunOptions,
    config: ConfigFile = None,
) -> None:
    """Explain the emotion in files or in a text.

    Answers go to stdout, everything else to stderr. Exit code 0: all explained; 2: at least
    one could not be.
    """
    from affect_llm.cli.output import Output
    from affect_llm.cli.run import answer
    from affect_llm.cli.sources import sources_of
    from affect_llm.cli.validate import checked_settings

    sources = sources_of(files or [], text)
    settings = checked_settings(config, **asdict(who), **asdict(run))
    raise typer.Exit(answer(sources, settings, Output(as_json, report)))
