"""`affect-llm eval preference`: which of two descriptions would people prefer?"""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affect_llm.cli.eval_options import AsJson, SystemOptions
from affect_llm.cli.exits import user_errors
from affect_llm.cli.option_groups import option_groups
from affect_llm.cli.options import ConfigFile
from affect_llm.cli.output import emit, number

if TYPE_CHECKING:
    from affect_llm.evaluation.judges.preference import PreferenceReport


@user_errors
@option_groups
def preference(
    pairs: Annotated[
        Path,
        typer.Argument(
            help="CSV, TSV or JSON lines with the columns id, first, second, and preferred (first "
            "or second) where people were asked."
        ),
    ],
    *,
    system: SystemOptions,
    log: Annotated[
        Path | None, typer.Option(help="A file to keep the replies in, so none is asked twice.")
    ] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Ask a reasoner which of two descriptions people would prefer, in both orders.

    Says how often it agrees with people, how often both orders name the same description, and how
    much oftener than half it names the first place.
    """
    from affect_llm.cli.validate import checked_settings
    from affect_llm.evaluation.judges.preference import judge_preferences
    from affect_llm.evaluation.judges.preference_pairs import read_pairs
    from affect_llm.evaluation.judges.reasoned import open_asker

    described = read_pairs(pairs)
    asker = open_asker(checked_settings(config, **asdict(system)), log)
    report = judge_preferences(described, asker)
    emit(report.model_dump(mode="json"), lambda: _print(report), as_json=as_json)


def _print(report: "PreferenceReport") -> None:
    print(f"{report.n} pairs, judged by {report.judge.model}")
    if report.with_human:
        agreement = number(report.agreement, report.interval)
        print(f"agreement with people: {agreement} of {report.with_human} pairs; a coin gets 0.5")
        print(f"both orders name the people's choice: {number(report.robust)}")
    print(f"both orders name the same description: {number(report.consistent)}")
    print(f"the first place oftener than half: {number(report.position_bias)}")
    if report.unparsed:
        print(f"answers that could not be read: {report.unparsed} of {2 * report.n}")
