"""`affect-llm eval evidence`: do explanations say what their clips' cues show?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affect_llm.cli.eval_options import AsJson
from affect_llm.cli.exits import user_errors
from affect_llm.cli.output import emit, number

if TYPE_CHECKING:
    from affect_llm.evaluation.judges.evidence import EvidenceReport


@user_errors
def evidence(
    results: Annotated[
        Path, typer.Argument(help="Results as `affect-llm analyze --json` writes them.")
    ],
    as_json: AsJson = False,
) -> None:
    """Check every sentence of explanations against the cues of its own clip; needs no reference.

    Supported, unsupported and contradicted sentences; those that say anything checkable; the most
    salient cues that a supported sentence cites. Marks in the file are not believed.
    """
    from affect_llm.evaluation.judges.evidence import judge_evidence, read_results

    report = judge_evidence(*read_results(results))
    emit(report.model_dump(mode="json"), lambda: _print(report), as_json=as_json)


def _print(report: "EvidenceReport") -> None:
    for score in (
        report.supported, report.unsupported, report.contradicted, report.coverage, report.recall,
    ):  # fmt: skip
        counted = "cues" if score is report.recall else "sentences"
        print(f"{score.name}: {number(score.value, score.interval)} of {score.n} {counted}")
    for reason, count in report.supported.skipped.items():
        print(f"{reason}: {count}")
    if report.remarked:
        print(f"sentences marked otherwise in the file: {report.remarked}")
