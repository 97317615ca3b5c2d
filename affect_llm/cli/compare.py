"""`affect-llm compare`: two answers for one clip, from the same cues."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affect_llm.cli.exits import user_errors
from affect_llm.cli.option_groups import option_groups
from affect_llm.cli.options import ConfigFile, RunOptions

if TYPE_CHECKING:
    from affect_llm.cli.compare_asked import Asked
    from affect_llm.config import Settings

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
    from affect_llm.cli.compare_asked import two_asked
    from affect_llm.cli.compare_run import compare_two
    from affect_llm.cli.run import Output
    from affect_llm.cli.sources import sources_of
    from affect_llm.reasoners.registry import reasoner_spec

    one, other = two_asked(first, second, roads)
    (source,) = sources_of([file], text)
    served = [reasoner_spec(asked.reasoner).server for asked in (one, other)]
    # A server is for the one that takes it; where neither does, the first refuses it.
    runs = [replace(run, server=None) if any(served) and not takes else run for takes in served]
    both = _settings(one, runs[0], config), _settings(other, runs[1], config)
    compare_two(source, (one.name, other.name), both, Output(as_json, report))


def _settings(asked: "Asked", run: RunOptions, config: Path | None) -> "Settings":
    from affect_llm.cli.validate import checked_settings

    return checked_settings(config, **asdict(asked), **asdict(run))
