"""The page of a training run is written also where nothing was validated, as in a control."""

import pytest

from affect_llm.report.training_pages import pages
from affect_llm.training.sft.settings import SftSettings
from affect_llm.training.sft.sft_report import (
    Evaluation,
    LossPoint,
    PartCount,
    SftReport,
    StageReport,
    SystemScore,
)
from affect_llm.types import Score


def report(*evaluations: Evaluation) -> SftReport:
    score = Score(name="uar", value=0.5, n=4, interval=(0.25, 0.75))
    return SftReport(
        name="mine",
        base="embedded@local#1",
        road="text",
        data="rows.jsonl",
        parts={"train": PartCount(rows=8, groups=4), "test": PartCount(rows=4, groups=2)},
        labels={"joy": 4, "anger": 4},
        measured_on="test",
        metric="uar",
        systems=(SystemScore(name="base", about="without the adapter", scores=(score,)),),
        gains=(),
        stages=(
            StageReport(
                train="lora",
                road="text",
                steps=6,
                kept=6,
                losses=(LossPoint(step=3, loss=2.0), LossPoint(step=6, loss=1.0)),
                evaluations=evaluations,
                tokens_per_second=100.0,
                seconds=1.0,
            ),
        ),
        learned=10,
        weights=100,
        calibrated=False,
        control=None if evaluations else "shuffled-labels",
        seconds=1.0,
        settings=SftSettings(name="mine", labels="joy, anger"),
        affect_llm="0.1.0",
    )


@pytest.mark.parametrize(
    ("evaluations", "words"),
    [((Evaluation(step=6, value=0.75),), "kept, validation 0.750<"), ((), "kept<")],
)
def test_the_chart_tells_of_a_validation_where_there_was_one(
    evaluations: tuple[Evaluation, ...], words: str
) -> None:
    assert words in pages(report(*evaluations))["report.html"]
