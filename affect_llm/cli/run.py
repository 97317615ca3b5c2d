"""Run the pipeline over sources and put its answers where they belong."""

from collections.abc import Sequence

from affect_llm.cli.exits import USER_ERROR, complain
from affect_llm.cli.output import Output, check_files, print_failure, save
from affect_llm.cli.progress import item_progress
from affect_llm.config import Settings
from affect_llm.pipeline import Failure, Pipeline, Source
from affect_llm.report.entry import ReportEntry, writable


def answer(sources: Sequence[Source], settings: Settings, output: Output) -> int:
    """Explain `sources` and return the exit code.

    Raises:
        AffectError: the report cannot be written there, or the pipeline cannot be set up.
    """
    check_files(output.report)
    entries: list[ReportEntry] = []
    failures = 0
    outcomes = item_progress(Pipeline(settings).run(sources), "explaining", len(sources))
    for source, outcome in zip(sources, outcomes, strict=True):
        entry = ReportEntry(writable(outcome), source.path)
        _show(entry, output.as_json)
        failures += isinstance(outcome, Failure)
        if output.report is not None:
            entries.append(entry)
    if output.report is not None and failures < len(entries):
        from affect_llm.report.html import render_report

        save(output.report, render_report(entries, output.report.parent))
    return USER_ERROR if failures else 0


def _show(entry: ReportEntry, as_json: bool) -> None:
    outcome = entry.outcome
    if isinstance(outcome, Failure):
        known = outcome.name in outcome.message
        complain(outcome.message if known else f"{outcome.name}: {outcome.message}")
        if as_json:
            print_failure(clip_name=outcome.name, error=outcome.message)
    elif as_json:
        print(outcome.model_dump_json(), flush=True)
    else:
        from affect_llm.report.terminal import print_result

        print_result(outcome, entry.media)
