"""`affect-llm ask`: questions about a clip, by the rules that its explanation keeps."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from affect_llm.cli.exits import user_errors
from affect_llm.cli.option_groups import option_groups
from affect_llm.cli.options import ConfigFile, ReasonerOptions, RunOptions


@user_errors
@option_groups
def ask(
    file: Annotated[Path, typer.Argument(help="A video, recording, picture or text file.")],
    question: Annotated[
        str | None,
        typer.Argument(help="What to ask; without one, a conversation, or one question a line."),
    ] = None,
    *,
    text: Annotated[str | None, typer.Option(help="The words spoken in the file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object an answer.")] = False,
    who: ReasonerOptions,
    run: RunOptions,
    config: ConfigFile = None,
) -> None:
    """Ask about a clip: why, why not, how sure, what is missing, what face, voice and words show.

    The clip is analysed once. Each sentence of an answer cites timed cues and is checked; what no
    cue shows is not answered. Without a question it talks at a terminal until Ctrl-D; piped, it
    reads one question a line and writes one JSON line an answer. Exit code 0: all were answered,
    if only by "the cues do not say"; 2: the clip or a question could not be read.
    """
    from affect_llm.cli.ask_loop import converse
    from affect_llm.cli.sources import sources_of
    from affect_llm.cli.validate import checked_settings

    (source,) = sources_of([file], text)
    settings = checked_settings(config, **asdict(who), **asdict(run))
    raise typer.Exit(converse(source, settings, question, as_json))
