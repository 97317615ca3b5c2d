"""`affect-llm eval compare`: two systems on the same items."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from affect_llm.cli.eval_options import AsJson, HtmlFile, ReadingOptions, ScoringOptions, TaskName
from affect_llm.cli.exits import user_errors
from affect_llm.cli.option_groups import option_groups

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
    from affect_llm.cli.eval_tasks import GoldOptions, gold_table, policy_of
    from affect_llm.cli.output import check_files, emit, note_findings, save
    from affect_llm.evaluation.comparison import compare_tables
    from affect_llm.evaluation.suites.run_comparison import compare_runs
    from affect_llm.evaluation.tables.reader import read_file
    from affect_llm.evaluation.tasks.registry import TaskOptions
    from affect_llm.report.eval_comparison import comparison_page
    from affect_llm.report.eval_terminal import print_comparisons

    check_files(html)
    policy = policy_of(**asdict(rows))
    if first.is_dir() or second.is_dir():
        comparisons = compare_runs(first, second, scoring.vocabulary_dir)
    else:
        truth = gold_table(GoldOptions(gold, task), TaskOptions(**asdict(scoring)))
        names = truth.task.column_names()
        one, other = (read_file(path, "file of predictions", names) for path in (first, second))
        comparisons = [compare_tables(truth.task, truth.table, one, other, policy)]
    for comparison in comparisons:
        note_findings(comparison.findings)
    document: dict[str, object] = {"comparisons": [c.model_dump(mode="json") for c in comparisons]}
    emit(document, lambda: print_comparisons(comparisons), as_json=as_json)
    if html is not None:
        save(html, comparison_page(comparisons))
