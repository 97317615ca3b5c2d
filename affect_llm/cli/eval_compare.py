"""`affect-llm eval compare`: two systems on the same items."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affect_llm.cli.eval_options import AsJson, HtmlFile, ReadingOptions, ScoringOptions, TaskName
from affect_llm.cli.exits import user_errors
from affect_llm.cli.option_groups import option_groups

if TYPE_CHECKING:
    from affect_llm.evaluation.compare import Comparison

First = Annotated[
    Path, typer.Argument(help="File of predictions, judged descriptions, or `eval run` folder.")
]


@user_errors
@option_groups
def compare(
    first: First,
    second: First,
    *,
    gold: Annotated[
        Path | None, typer.Option(help="Gold labels; folders of `eval run` have their own.")
    ] = None,
    task: TaskName = None,
    scoring: ScoringOptions,
    rows: ReadingOptions,
    as_json: AsJson = False,
    html: HtmlFile = None,
) -> None:
    """Test whether one of two systems is better.

    Both must answer the same items of the same gold; scores of different judges are refused.
    Differences are first minus second, with a paired bootstrap over groups and a permutation p.
    """
    from affect_llm.cli.eval_output import check_files, emit, note_findings, save
    from affect_llm.cli.eval_tasks import Against, against, reading_of
    from affect_llm.evaluation.compare import compare_tables
    from affect_llm.evaluation.compare_runs import compare_runs
    from affect_llm.evaluation.scored_file.score import read_predictions
    from affect_llm.evaluation.scored_file.tasks import TaskOptions

    check_files(html)
    reading = reading_of(**asdict(rows))
    if first.is_dir() or second.is_dir():
        found = compare_runs(first, second, scoring.vocabulary_dir)
    else:
        options = TaskOptions(**asdict(scoring))
        truth = against(Against(gold=gold, task=task, suite=None, data=None, split=None), options)
        one, other = (read_predictions(path, truth.task) for path in (first, second))
        found = [compare_tables(truth.task, truth.table, one, other, reading)]
    for comparison in found:
        note_findings(comparison.findings)
    emit({"comparisons": [c.model_dump(mode="json") for c in found]}, lambda: _print(found),
         as_json=as_json)  # fmt: skip
    if html is not None:
        from affect_llm.report.eval_comparison import comparison_page

        save(html, comparison_page(found))


def _print(found: "list[Comparison]") -> None:
    from affect_llm.report.eval_terminal import print_comparison

    for comparison in found:
        print_comparison(comparison)
