"""Run the pipeline over sources and put its answers where they belong."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from affect_llm.cli.exits import USER_ERROR, complain
from affect_llm.cli.progress import item_progress
from affect_llm.config import Settings
from affect_llm.pipeline import Failure, Pipeline, Source
from affect_llm.report.entry import Outcome, ReportEntry, writable
from affect_llm.report.files import check_target, write_report


@dataclass(frozen=True, slots=True)
class Output:
    """Where answers go: JSON lines or prose on stdout, and a report file if one is named.

    Where nothing at all could be explained, no report is written.
    """

    as_json: bool = False
    report: Path | None = None


def answer(sources: Sequence[Source], settings: Settings, output: Output) -> int:
    """Explain `sources` and return the exit code.

    Raises:
        AffectError: the report cannot be written there, or the pipeline cannot be set up.
    """
    if output.report is not None:
        check_target(output.report)
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

        write_report(output.report, render_report(entries, output.report.parent))
        print(f"report: {output.report}", file=sys.stderr)
    return USER_ERROR if failures else 0


def _show(entry: ReportEntry, as_json: bool) -> None:
    outcome = entry.outcome
    if isinstance(outcome, Failure):
        known = outcome.name in outcome.message
        complain(outcome.message if known else f"{outcome.name}: {outcome.message}")
    if as_json:
        print(json_line(outcome), flush=True)
    elif not isinstance(outcome, Failure):
        from affect_llm.report.terminal import print_result

        print_result(outcome, entry.media)


def json_line(outcome: Outcome) -> str:
    """One compact object: the result, or `{"clip_name", "error"}` for a failure."""
    if isinstance(outcome, Failure):
        import json

        failure = {"clip_name": outcome.name, "error": outcome.message}
        return json.dumps(failure, ensure_ascii=False, separators=(",", ":"))
    return outcome.model_dump_json()
