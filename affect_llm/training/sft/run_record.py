"""What a run was given and did, for its report; the figures come later."""

from collections import Counter
from collections.abc import Sequence

from affect_llm import __version__
from affect_llm.errors import DataError
from affect_llm.training.sft.assembly import Kit
from affect_llm.training.sft.cases import Case
from affect_llm.training.sft.model import SftModel
from affect_llm.training.sft.preparation import Prepared
from affect_llm.training.sft.rows import Part, Rows
from affect_llm.training.sft.settings import SftSettings
from affect_llm.training.sft.sft_report import PartCount, SftReport, StageReport


def measured_part(prepared: Prepared) -> tuple[Part, list[Case]]:
    """The part that is reported and its cases: test, else validation.

    Raises:
        DataError: there is neither.
    """
    if prepared.cases["test"]:
        return "test", prepared.cases["test"]
    if prepared.cases["validation"]:
        return "validation", prepared.cases["validation"]
    raise DataError(
        "There is nothing to measure the adapter on: give some rows the split validation or test, "
        "or set validation_share above 0 (with groups, or more rows)."
    )


def report_of(
    rows: Rows,
    settings: SftSettings,
    prepared: Prepared,
    model: SftModel,
    kit: Kit,
    stages: Sequence[StageReport],
) -> SftReport:
    """The report of a run without what it gained."""
    cases = prepared.cases
    learned = sum(t.numel() for t in model.learned_state().values())
    return SftReport(
        name=settings.name,
        base=kit.base.ref.passport,
        road=settings.road,
        data=rows.source,
        parts={part: _counted(found) for part, found in cases.items() if found},
        labels=dict(Counter(case.gold for case in cases["train"]).most_common()),
        left_out=dict(rows.refused + prepared.unread),
        measured_on=measured_part(prepared)[0],
        metric=settings.metric,
        systems=(),
        gains=(),
        stages=tuple(stages),
        learned=learned,
        weights=sum(p.numel() for p in model.parameters()),
        calibrated=False,
        control=settings.control,
        seconds=0.0,
        settings=settings,
        affect_llm=__version__,
    )


def _counted(cases: Sequence[Case]) -> PartCount:
    return PartCount(rows=len(cases), groups=len({case.row.cluster for case in cases}))
