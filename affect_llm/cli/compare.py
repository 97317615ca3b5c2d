"""`affect-llm compare`: two answers for one clip, from the same cues."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from affect_llm.cli.exits import user_errors
from affect_llm.cli.option_groups import option_groups
from affect_llm.cli.options import ConfigFile, RunOptions

_WHO = "NAME, NAME:MODEL, NAME@ADAPTER or NAME:MODEL@ADAPTER"


@user_errors
@option_groups
def compare(
    file: Annotated[Path, typer.Argument(help="A video, recording, picture or text file.")],
    first: Annotated[str, typer.Argument(help=f"Who answers first: {_WHO}.")],
    second: Annotated[str | None, typer.Argument(help="Who answers second, likewise.")] = None,
    *,
    roads: Annotated[
        str | None, typer.Option(help="The road of each, as text,projected; then one may answer.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="The words spoken in the file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    report: Annotated[
        Path | None, typer.Option(help="Write one self-contained HTML page here.")
    ] = None,
    run: RunOptions,
    config: ConfigFile = None,
) -> None:
    """Have two reasoners explain one clip from the same cues, and show where they differ.

    Label, confidence, distribution, verdict of each modality, the cues that each cites, and
    sentences that cannot both be true. Exit code 0: both answered; 2: a mistake.
    """
    from affect_llm.cli.compare_contenders import two_contenders
    from affect_llm.cli.compare_run import compare_two
    from affect_llm.cli.output import Output
    from affect_llm.cli.sources import sources_of
    from affect_llm.cli.validate import checked_settings
    from affect_llm.reasoners.registry import reasoner_spec

    contenders = two_contenders(first, second, roads)
    (source,) = sources_of([file], text)
    served = [reasoner_spec(contender.reasoner).server for contender in contenders]
    # A server is for the one that takes it; where neither does, the first refuses it.
    runs = [replace(run, server=None) if any(served) and not takes else run for takes in served]
    one, other = (
        checked_settings(config, **asdict(contender), **asdict(options))
        for contender, options in zip(contenders, runs, strict=True)
    )
    names = contenders[0].name, contenders[1].name
    compare_two(source, names, (one, other), Output(as_json, report))
