"""`affect-llm eval run`: answer a suite's items and score the answers."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affect_llm.cli.eval_options import AsJson, HtmlFile, MarkdownFile, SystemOptions
from affect_llm.cli.exits import USER_ERROR, user_errors
from affect_llm.cli.option_groups import option_groups
from affect_llm.cli.options import ConfigFile
from affect_llm.errors import ConfigError

if TYPE_CHECKING:
    from affect_llm.evaluation.suites.measurement import RunPlan


@user_errors
@option_groups
def run(
    suites: Annotated[
        list[str] | None, typer.Argument(help="Names from `affect-llm eval list`.")
    ] = None,
    *,
    data: Annotated[
        Path, typer.Option(help="A corpus in its official layout, or a folder of corpora.")
    ],
    split: Annotated[
        str | None, typer.Option(help='Instead of the suite\'s own; or "all".')
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every suite whose data is there, and composed clips.")
    ] = False,
    banks: Annotated[
        Path | None, typer.Option(help="Folder of cue banks, for the composed clips of --all.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Answers are kept here; a killed run goes on.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many items of each suite, at random.")
    ] = None,
    trained_too: Annotated[
        bool, typer.Option("--trained-too", help="Also items that shipped models learned from.")
    ] = False,
    vocabulary_dir: Annotated[
        Path | None, typer.Option(help="Folder of the official word tables, for open labels.")
    ] = None,
    system: SystemOptions,
    config: ConfigFile = None,
    page: Annotated[
        Path | None, typer.Option(help="Also write the page of results (Markdown) here.")
    ] = None,
    as_json: AsJson = False,
    html: HtmlFile = None,
    markdown: MarkdownFile = None,
) -> None:
    """Answer a suite's items and score the answers, with intervals and trivial baselines.

    Answers are kept in --out (default: this project's cache), so a killed run goes on where it
    was. Exit code 2 where a suite that was named could not be measured.
    """
    from affect_llm.cli.eval_tasks import results_folder
    from affect_llm.cli.output import check_files, emit, save
    from affect_llm.cli.validate import checked_settings
    from affect_llm.evaluation.results_page import results_page
    from affect_llm.evaluation.suites.measurement import RunPlan
    from affect_llm.evaluation.suites.runs import run_suites
    from affect_llm.report.eval_html import page as html_page
    from affect_llm.report.eval_measurement import sections_of_report
    from affect_llm.report.eval_terminal import print_sections

    check_files(html, markdown, page)
    plan = RunPlan(
        names=tuple(suites or ()), data=data, out=out or results_folder(), split=split,
        limit=limit, trained_too=trained_too, vocabulary=vocabulary_dir, banks=banks,
    )  # fmt: skip
    settings = checked_settings(config, **asdict(system))
    _check(plan, every=every)
    report = run_suites(plan, settings)
    sections = sections_of_report(report)
    emit(report.model_dump(mode="json"), lambda: print_sections(sections), as_json=as_json)
    for target in filter(None, (markdown, page)):
        save(target, results_page(report))
    if html is not None:
        save(html, html_page(sections))
    if suites and any(suite.not_measured for suite in report.suites):
        raise typer.Exit(USER_ERROR)


def _check(plan: "RunPlan", *, every: bool) -> None:
    """See that the flags go together.

    Raises:
        ConfigError: no suite is named, or splits are asked of what has none.
    """
    from affect_llm.evaluation.composed.measurement import COMPOSED

    parts = plan.split is not None or plan.trained_too
    if every and (plan.names or parts):
        raise ConfigError("--all measures every suite on its own part; name no suite or split.")
    if not every and not plan.names:
        raise ConfigError(
            "Name a suite (affect-llm eval list), or measure all of them: --all --banks DIR."
        )
    if COMPOSED in plan.names and parts:
        raise ConfigError("Composed clips have no splits; measure them without --split.")
