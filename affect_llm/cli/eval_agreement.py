"""`affect-llm eval agreement`: do several people label the same clips alike?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affect_llm.cli.eval_options import AsJson
from affect_llm.cli.exits import user_errors
from affect_llm.cli.output import emit, number

if TYPE_CHECKING:
    from affect_llm.evaluation.rater_agreement import RaterAgreement


@user_errors
def agreement(
    ratings: Annotated[
        Path, typer.Argument(help="CSV, TSV or JSON lines: a row per item, a column per rater.")
    ],
    *,
    raters: Annotated[
        str | None,
        typer.Option(help="Columns of the raters, as a comma list; else all but ids and groups."),
    ] = None,
    scale: Annotated[
        str, typer.Option(help="nominal (labels), ordinal (labels in an order) or interval.")
    ] = "nominal",
    order: Annotated[
        str | None,
        typer.Option(help="Of an ordinal scale: labels from lowest to highest, as a comma list."),
    ] = None,
    groups: Annotated[
        str | None, typer.Option(help="Column that the interval is clustered by (speaker).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how far raters agree beyond chance.

    Krippendorff's alpha with its interval, which takes missing ratings; Fleiss' kappa where none
    is missing; every two raters by Cohen's kappa, of numbers by concordance.
    """
    from affect_llm.errors import ConfigError
    from affect_llm.evaluation.rater_agreement import SCALES, rater_agreement
    from affect_llm.evaluation.ratings import read_ratings

    chosen = next((known for known in SCALES if known == scale), None)
    if chosen is None:
        raise ConfigError(f"--scale is '{scale}'; choose from {', '.join(SCALES)}.")
    report = rater_agreement(read_ratings(ratings, _listed(raters), groups), chosen, _listed(order))
    emit(report.model_dump(mode="json"), lambda: _print(report), as_json=as_json)


def _listed(names: str | None) -> list[str]:
    return [name.strip() for name in (names or "").split(",") if name.strip()]


def _print(report: "RaterAgreement") -> None:
    print(f"{report.items} items, {len(report.raters)} raters, {report.scale} scale")
    print(f"Krippendorff's alpha: {number(report.alpha.value, report.alpha.interval)}")
    if report.fleiss is not None:
        print(f"Fleiss' kappa: {number(report.fleiss)}")
    for pair in report.pairs:
        name = report.pair_measure.replace("_", " ")
        print(f"{pair.first}, {pair.second}: {name} {number(pair.value)} of {pair.n} items")
    if report.missing:
        print(f"missing ratings: {report.missing}")
