"""`affect-llm eval score`: anyone's predictions against a gold file or a suite's gold."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affect_llm.cli.eval_options import (
    AsJson,
    HtmlFile,
    MarkdownFile,
    ReadingOptions,
    ScoringOptions,
    TaskName,
)
from affect_llm.cli.exits import user_errors
from affect_llm.cli.option_groups import option_groups

if TYPE_CHECKING:
    from affect_llm.evaluation.score_report import ScoreReport


@user_errors
@option_groups
def score(
    predictions: Annotated[Path, typer.Argument(help="CSV, TSV, JSON lines or official .npz.")],
    *,
    gold: Annotated[Path | None, typer.Option(help="Gold labels, in the same formats.")] = None,
    task: TaskName = None,
    suite: Annotated[
        str | None, typer.Option(help="Score against a suite's own gold; needs --data.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="The suite's data folder.")] = None,
    split: Annotated[str | None, typer.Option(help="Part of the suite's data.")] = None,
    scoring: ScoringOptions,
    rows: ReadingOptions,
    as_json: AsJson = False,
    html: HtmlFile = None,
    markdown: MarkdownFile = None,
) -> None:
    """Score a file of predictions against a gold file.

    Rows meet by their ids (column name, id …). What is left out is counted in the report and said
    on stderr.
    """
    from affect_llm.cli.eval_tasks import GoldOptions, gold_table, policy_of
    from affect_llm.cli.output import check_files, emit, note_findings, save
    from affect_llm.evaluation.scores import score_tables
    from affect_llm.evaluation.tables.reader import read_file
    from affect_llm.evaluation.tasks.registry import TaskOptions
    from affect_llm.report.eval_content import section_of_score
    from affect_llm.report.eval_terminal import print_sections

    check_files(html, markdown)
    wanted = GoldOptions(gold=gold, task=task, suite=suite, data=data, split=split)
    truth = gold_table(wanted, TaskOptions(**asdict(scoring)))
    given = read_file(predictions, "file of predictions", truth.task.column_names())
    policy = policy_of(**asdict(rows))
    report = score_tables(truth.task, truth.table, given, policy, truth.references)
    note_findings(report.findings)
    section = section_of_score(report)
    emit(_json(report), lambda: print_sections([section]), as_json=as_json)
    if markdown is not None:
        from affect_llm.report.eval_markdown import markdown_page

        save(markdown, markdown_page(section))
    if html is not None:
        from affect_llm.report.eval_html import page

        save(html, page([section]))


def _json(report: "ScoreReport") -> dict[str, object]:
    """The report with the numbers first and what only this task has beside them."""
    whole = report.model_dump(mode="json")
    extra = whole.pop("extra")
    first = {name: whole.pop(name) for name in ("metrics", "averages", "skipped", "n")}
    about = {name: whole.pop(name) for name in ("schema_version", "task", "gold", "predictions")}
    charts = whole.pop("charts")
    return {**first, **extra, **about, **whole, "charts": charts}
