"""A training run from rows to an adapter's folder."""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from accelerate import PartialState

from affect_llm import __version__
from affect_llm.adapters.projector import tracks_of
from affect_llm.adapters.tracks import TrackReader
from affect_llm.errors import DataError
from affect_llm.prompting.calibration import Calibration
from affect_llm.prompting.reason import hidden_modalities
from affect_llm.training.sft.assembling import Kit, make_kit, make_model, make_steps
from affect_llm.training.sft.base import open_base
from affect_llm.training.sft.calibrating import calibrated
from affect_llm.training.sft.cases import Case
from affect_llm.training.sft.clip_features import open_tracks, track_encoders
from affect_llm.training.sft.fitting import TOO_LONG, fitting
from affect_llm.training.sft.measuring import Measured, main_road, measure_adapter, measure_base
from affect_llm.training.sft.model import SftModel
from affect_llm.training.sft.preparing import Prepared, prepare
from affect_llm.training.sft.rows import Part, Rows
from affect_llm.training.sft.saving import Papers, save_run
from affect_llm.training.sft.scoring import Scorer
from affect_llm.training.sft.settings import SftSettings
from affect_llm.training.sft.sft_report import PartCount, SftReport, StageReport
from affect_llm.training.sft.splitting import split_rows
from affect_llm.training.sft.stages import run_stages
from affect_llm.training.sft.validating import Validation
from affect_llm.training.sft.workplace import begin, finish, workplace

log = logging.getLogger(__name__)
Pages = Callable[[SftReport], Mapping[str, str]]
"""A report as files by name: what the adapter's folder holds beside the weights."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to train.

    Args:
        settings: of the run.
        rows: labelled.
        out: folder for the adapter.
        pages: makes the report's files.
        resume: go on with a run that was stopped.
        restart: throw away a run that was stopped.
        quiet: no progress.
    """

    settings: SftSettings
    rows: Rows
    out: Path
    pages: Pages
    resume: bool = False
    restart: bool = False
    quiet: bool = False


def train_sft(request: Request) -> SftReport:
    """Train an adapter and write its folder; the report says what it gained.

    Under `accelerate launch` every process calls this; the first one measures and writes.

    Raises:
        AffectError: rows, settings, base or machine do not allow it; nothing is written then but
            what a resumed run goes on from.
    """
    began, settings = time.monotonic(), request.settings
    folder = _begun(request)
    reader = open_tracks(settings.tracks, settings.device) if settings.projects else None
    kit = make_kit(open_base(settings), reader, settings)
    with PartialState().main_process_first():
        prepared = _prepared(request, kit, reader)
    training = _dealt(prepared.cases["train"], settings)
    model = make_model(kit, training, settings)
    scorer = kit.scorer(settings)
    steps = make_steps(kit, training, settings)
    validation = prepared.cases["validation"]
    chosen = Validation(validation, scorer, model, settings) if validation else None
    measured = Measured(_measured(prepared)[1], settings.metric)
    if PartialState().is_main_process:
        log.info("scoring the base model on %d cases", len(measured.cases))
        measure_base(measured, training, scorer, model.llm, settings)
    stages = run_stages(model, steps, settings, folder, chosen, quiet=request.quiet)
    report = _report(request, prepared, model, kit, stages, measured)
    if PartialState().is_main_process:
        measure_adapter(measured, scorer, model, settings)
        calibration = _calibration(request, validation, scorer, model)
        report = report.model_copy(
            update={
                "systems": measured.systems,
                "gains": measured.gains,
                "calibrated": calibration is not None,
                "seconds": time.monotonic() - began,
            }
        )
        tracks = () if reader is None else tuple(track_encoders(settings.tracks, reader))
        papers = Papers(kit.base.ref, tracks, calibration, request.pages(report))
        save_run(request.out, settings, model, papers)
        finish(request.out)
    PartialState().wait_for_everyone()
    return report


def _begun(request: Request) -> Path:
    """The run's folder, which the first process makes."""
    with PartialState().main_process_first():
        if not PartialState().is_main_process:
            return workplace(request.out)
        return begin(
            request.out,
            request.settings,
            request.rows,
            resume=request.resume,
            restart=request.restart,
        )


def _prepared(request: Request, kit: Kit, reader: TrackReader | None) -> Prepared:
    """Cases of all parts that the context can hold."""
    settings = request.settings
    parts = split_rows(
        request.rows.rows,
        validation_share=settings.validation_share,
        test_share=settings.test_share,
        seed=settings.seed,
    )
    prepared = prepare(parts, request.rows.labels, settings, reader)
    room = kit.base.reasoner.context_tokens
    for part, cases in prepared.cases.items():
        fit, _, lost = fitting(cases, lambda c: kit.length(c, settings), room, settings.long)
        prepared.cases[part] = fit
        if lost:
            prepared.unread[TOO_LONG] += lost
    if not prepared.cases["train"]:
        raise DataError(f"No training row is left: {TOO_LONG}. Cut them (long = cut).")
    return prepared


def _dealt(training: Sequence[Case], settings: SftSettings) -> list[Case]:
    """The training cases; in the control, with one another's labels and explanations."""
    if settings.control is None:
        return list(training)
    dealt: list[Case] = list(training)
    sets = sorted({case.labels for case in training})
    rng = random.Random(settings.seed)
    for labels in sets:
        places = [n for n, case in enumerate(training) if case.labels == labels]
        for place, other in zip(places, rng.sample(places, k=len(places)), strict=True):
            row = training[other].row
            said = {"label": row.label, "labels": row.labels, "explanation": row.explanation}
            dealt[place] = replace(training[place], row=training[place].row.model_copy(update=said))
    return dealt


def _measured(prepared: Prepared) -> tuple[Part, list[Case]]:
    """The part that is reported: test, else validation."""
    if prepared.cases["test"]:
        return "test", prepared.cases["test"]
    if prepared.cases["validation"]:
        return "validation", prepared.cases["validation"]
    raise DataError(
        "There is nothing to measure the adapter on: give some rows the split validation or test, "
        "or set validation_share above 0 (with groups, or more rows)."
    )


def _calibration(
    request: Request, validation: Sequence[Case], scorer: Scorer, model: SftModel
) -> Calibration | None:
    if not validation:
        return None
    road = main_road(request.settings)
    scored = scorer.score(model.llm, model.fusion, validation, road)
    tracks = {} if model.fusion is None else tracks_of(model.fusion.config)
    fitted_on = f"{len(validation)} validation rows of {request.rows.source}"
    return calibrated(validation, scored, fitted_on, hidden_modalities(tracks, road))


def _report(
    request: Request,
    prepared: Prepared,
    model: SftModel,
    kit: Kit,
    stages: Sequence[StageReport],
    measured: Measured,
) -> SftReport:
    settings, cases = request.settings, prepared.cases
    learned = sum(t.numel() for t in model.learned_state().values())
    return SftReport(
        name=settings.name,
        base=kit.base.ref.passport,
        road=settings.road,
        data=request.rows.source,
        parts={part: _counted(found) for part, found in cases.items() if found},
        labels=dict(Counter(case.gold for case in cases["train"]).most_common()),
        left_out=dict(request.rows.refused + prepared.unread),
        measured_on=_measured(prepared)[0],
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
