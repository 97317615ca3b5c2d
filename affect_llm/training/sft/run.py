"""A training run from rows to an adapter's folder."""

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from accelerate import PartialState

from affect_llm.adapters.tracks import TrackReader
from affect_llm.errors import DataError
from affect_llm.prompting.calibration import Calibration
from affect_llm.prompting.reason import hidden_modalities
from affect_llm.reasoners.local.device import pick_device
from affect_llm.training.loop.workplace import finish, workplace
from affect_llm.training.sft.adapter_writer import Papers, save_run
from affect_llm.training.sft.assembly import Kit, make_kit, make_model, make_steps
from affect_llm.training.sft.base import open_base
from affect_llm.training.sft.calibration import calibrated
from affect_llm.training.sft.cases import Case
from affect_llm.training.sft.clip_features import open_tracks, track_encoders
from affect_llm.training.sft.context_fit import TOO_LONG, fitting
from affect_llm.training.sft.label_scores import Scorer
from affect_llm.training.sft.measurement import Measured, main_road, measure_adapter, measure_base
from affect_llm.training.sft.model import SftModel
from affect_llm.training.sft.preparation import Prepared, prepare
from affect_llm.training.sft.rows import Rows
from affect_llm.training.sft.run_record import measured_part, report_of
from affect_llm.training.sft.settings import SftSettings
from affect_llm.training.sft.sft_report import SftReport, StageReport
from affect_llm.training.sft.splits import split_rows
from affect_llm.training.sft.stages import Ready, run_stages
from affect_llm.training.sft.validation import Validation
from affect_llm.training.sft.workplace import begin

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


@dataclass(frozen=True, slots=True)
class _Run:
    """A request with all that it takes."""

    request: Request
    reader: TrackReader | None
    kit: Kit
    prepared: Prepared
    training: list[Case]
    model: SftModel
    scorer: Scorer

    @property
    def settings(self) -> SftSettings:
        return self.request.settings


def train_sft(request: Request) -> SftReport:
    """Train an adapter and write its folder; the report says what it gained.

    Under `accelerate launch` every process calls this; the first one measures and writes.

    Raises:
        AffectError: rows, settings, base or machine do not allow it; nothing is written then but
            what a resumed run goes on from.
    """
    began = time.monotonic()
    # The first look at the state settles it, and on a CPU it has to be told that it is one.
    PartialState(cpu=pick_device(request.settings.device) == "cpu")
    folder = _begun(request)
    run = _assembled(request)
    measured = Measured(measured_part(run.prepared)[1], run.settings.metric)
    if PartialState().is_main_process:
        log.info("scoring the base model on %d cases", len(measured.cases))
        measure_base(measured, run.training, run.scorer, run.model.llm, run.settings)
    stages = _trained(run, folder)
    report = report_of(request.rows, run.settings, run.prepared, run.model, run.kit, stages)
    if PartialState().is_main_process:
        report = _finished(run, measured, report, began)
    PartialState().wait_for_everyone()
    return report


def _assembled(request: Request) -> _Run:
    """Base, cases and model; the first process reads the data, the others what it kept."""
    settings = request.settings
    reader = open_tracks(settings.tracks, settings.device) if settings.projects else None
    kit = make_kit(open_base(settings), reader, settings)
    with PartialState().main_process_first():
        prepared = _prepared(request, kit, reader)
    training = _dealt(prepared.cases["train"], settings)
    model = make_model(kit, training, settings)
    return _Run(request, reader, kit, prepared, training, model, kit.scorer(settings))


def _trained(run: _Run, folder: Path) -> list[StageReport]:
    # A control has dealt labels: choosing its step on true ones would teach it something.
    cases = [] if run.settings.control else run.prepared.cases["validation"]

    def ready(settings: SftSettings) -> Ready:
        chosen = Validation(cases, run.scorer, run.model, settings) if cases else None
        return make_steps(run.kit, run.training, settings), chosen

    return run_stages(run.model, ready, run.settings, folder, quiet=run.request.quiet)


def _finished(run: _Run, measured: Measured, report: SftReport, began: float) -> SftReport:
    """Measure the adapter, fit its temperatures and write its folder."""
    measure_adapter(measured, run.scorer, run.model, run.settings)
    calibration = _calibration(run)
    figures = {
        "systems": measured.systems,
        "gains": measured.gains,
        "calibrated": calibration is not None,
        "seconds": time.monotonic() - began,
    }
    report = report.model_copy(update=figures)
    tracks = () if run.reader is None else track_encoders(run.settings.tracks, run.reader)
    pages = run.request.pages(report)
    papers = Papers(run.kit.base.ref, tuple(tracks), calibration, pages)
    save_run(run.request.out, run.settings, run.model, papers)
    finish(run.request.out)
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


def _calibration(run: _Run) -> Calibration | None:
    validation = run.prepared.cases["validation"]
    if not validation:
        return None
    road = main_road(run.settings)
    scored = run.scorer.score(run.model.llm, run.model.fusion, validation, road)
    source = run.request.rows.source
    hidden = hidden_modalities(run.kit.tracks, road)
    return calibrated(validation, scored, f"{len(validation)} validation rows of {source}", hidden)
