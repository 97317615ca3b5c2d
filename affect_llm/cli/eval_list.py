"""`affect-llm eval list`: the suites, what each measures, and whether its data is here."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affect_llm.cli.eval_options import AsJson
from affect_llm.cli.exits import user_errors
from affect_llm.cli.output import emit

if TYPE_CHECKING:
    from affect_llm.evaluation.suites.suite import Collection, Suite


@user_errors
def list_suites(
    data: Annotated[
        Path | None, typer.Option(help="Look here for each suite's data: a folder of corpora.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the suites, what each measures and needs, and whether its data is found."""
    from affect_llm.evaluation.suites.suite import load_suite_or_collection, suite_names

    rows = [_row(load_suite_or_collection(name), data) for name in suite_names()]
    looked = data is not None
    emit({"suites": rows}, lambda: _print(rows, looked=looked), as_json=as_json)


def _row(suite: "Suite | Collection", data: Path | None) -> dict[str, object]:
    from affect_llm.evaluation.suites.parts import data_problem
    from affect_llm.evaluation.suites.suite import Collection

    if isinstance(suite, Collection):
        return {"name": suite.name, "title": suite.title, "parts": list(suite.parts)}
    problem = None if data is None else data_problem(suite, data)
    return {
        "name": suite.name,
        "title": suite.title,
        "task": suite.task,
        "metric": suite.metric,
        "splits": list(suite.splits),
        "split": suite.split,
        "labels": suite.labels,
        "modalities": [str(modality) for modality in suite.modalities],
        "folder": suite.folder,
        "needs": suite.setup,
        "found": None if data is None else problem is None,
        "problem": problem,
    }


def _print(rows: list[dict[str, object]], *, looked: bool) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("suite", "task", "split", *(("data",) if looked else ()), "what"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "suite")
    for row in rows:
        parts = row.get("parts")
        task = f"mean of {len(parts)}" if isinstance(parts, list) else str(row["task"])
        cells = [str(row["name"]), task, str(row.get("split", ""))]
        if looked:
            cells.append("" if row.get("found") is None else "found" if row["found"] else "missing")
        cells.append(str(row["title"]))
        table.add_row(*map(escape, cells))
    Console().print(table)
