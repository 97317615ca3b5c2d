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
    from affect_llm.evaluation.scored_file.score_report import ScoreReport


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
    from affect_llm.cli.eval_output import check_files, emit, note_findings
    from affect_llm.cli.eval_tasks import Against, against, reading_of
    from affect_llm.evaluation.scored_file.score import read_predictions
    from affect_llm.evaluation.scored_file.score import score as score_files
    from affect_llm.evaluation.scored_file.tasks import TaskOptions

    check_files(html, markdown)
    options = TaskOptions(**asdict(scoring))
    truth = against(Against(gold=gold, task=task, suite=suite, data=data, split=split), options)
    report = score_files(
        truth.task,
        truth.table,
        read_predictions(predictions, truth.task),
        reading_of(**asdict(rows)),
        truth.references,
    )
    note_findings(report.findings)
    emit(_json(report), lambda: _print(report), as_json=as_json)
    if markdown is not None:
        from affect_llm.cli.eval_output import save
        from affect_llm.report.eval_markdown import score_markdown

        save(markdown, score_markdown(report))
    if html is not None:
        from affect_llm.cli.eval_output import save
        from affect_llm.report.eval_html import score_page

        save(html, score_page(report))


def _json(report: "ScoreReport") -> dict[str, object]:
    """The report with the numbers first and what only this task has beside them."""
    whole = report.model_dump(mode="json")
    extra = whole.pop("extra")
    first = {name: whole.pop(name) for name in ("metrics", "averages", "skipped", "n")}
    return {**first, **extra, **whole}


def _print(report: "ScoreReport") -> None:
    from affect_llm.report.eval_terminal import print_score

    print_score(report)
