"""A training run from rows to an adapter's folder."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from accelerate import PartialState

from affect_llm import __version__
from affect_llm.adapters.folder import MANIFEST_FILE
from affect_llm.adapters.tracks import TrackReader
from affect_llm.errors import DataError
from affect_llm.locks import sole_run
from affect_llm.prompting.reason import hidden_modalities
from affect_llm.reasoners.local.device import pick_device
from affect_llm.training.loop.workplace import (
    RunStart,
    begin,
    digest,
    finish,
    require_free,
    workplace,
)
from affect_llm.training.sft.adapter_writer import save_run
from affect_llm.training.sft.base import open_base
from affect_llm.training.sft.calibration import calibrated
from affect_llm.training.sft.context_fit import TOO_LONG, fitting
from affect_llm.training.sft.fresh_model import make_model
from affect_llm.training.sft.label_scores import Scorer
from affect_llm.training.sft.measurement import SystemComparison, Validation, main_road
from affect_llm.training.sft.model import SftModel
from affect_llm.training.sft.model_setup import ModelSetup, make_setup, open_tracks
from affect_llm.training.sft.rows import LabelledRows, Part
from affect_llm.training.sft.samples import SampleParts, TrainingSample, deal_labels, prepare
from affect_llm.training.sft.settings import SftSettings
from affect_llm.training.sft.sft_report import PartCount, SftReport, StageReport
from affect_llm.training.sft.splits import split_rows
from affect_llm.training.sft.stages import Ready, run_stages

log = logging.getLogger(__name__)
Pages = Callable[[SftReport], Mapping[str, str]]
"""A report as files by name: what the adapter's folder holds beside the weights."""
_FREE = {"device", "save_steps", "score_batch", "licences"}
"""Settings that may change when a run goes on: they do not change what it learns."""


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
    rows: LabelledRows
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
    setup: ModelSetup
    samples: SampleParts
    training: list[TrainingSample]
    model: SftModel
    scorer: Scorer

    @property
    def settings(self) -> SftSettings:
        return self.request.settings


def train_sft(request: Request) -> SftReport:
    """Train an adapter and write its folder; the report says what it gained.

    Under `accelerate launch` every process calls this; the first one measures and writes.

    Raises:
        AffectError: rows, settings, base or machine do not allow it, or another run writes the
            same folder; nothing is written then but what a resumed run goes on from.
    """
    # The first look at the state settles it, and on a CPU it has to be told that it is one.
    state = PartialState(cpu=pick_device(request.settings.device) == "cpu")
    with sole_run(request.out, "training run") if state.is_main_process else nullcontext():
        began = time.monotonic()
        folder = _begun(request)
        run = _assembled(request)
        part, samples = _measured_part(run.samples)
        comparison = SystemComparison(samples, run.scorer, run.settings)
        if state.is_main_process:
            log.info("scoring the base model on %d cases", len(samples))
            comparison.base(run.training, run.model.llm)
        # A control has dealt labels: choosing its step on true ones would teach it something.
        held_out = [] if run.settings.control else run.samples.parts["validation"]

        def ready(settings: SftSettings) -> Ready:
            chosen = Validation(held_out, run.scorer, run.model, settings) if held_out else None
            return run.setup.steps(run.training, settings), chosen

        stages = run_stages(run.model, ready, run.settings, folder, quiet=request.quiet)
        report = _report(run, part, stages)
        if state.is_main_process:
            report = _finished(run, comparison, report, began)
        state.wait_for_everyone()
        return report


def _begun(request: Request) -> Path:
    """The run's folder, which the first process makes."""
    with PartialState().main_process_first():
        if not PartialState().is_main_process:
            return workplace(request.out)
        require_free(request.out, "adapter", MANIFEST_FILE)
        data = digest([row.model_dump_json() for row in request.rows.rows])
        start = RunStart(settings=request.settings.model_dump(mode="json"), data=data)
        resume, restart = request.resume, request.restart
        return begin(request.out, start, free=_FREE, resume=resume, restart=restart)


def _assembled(request: Request) -> _Run:
    """Base, samples and model; the first process reads the data, the others what it kept."""
    settings = request.settings
    reader = open_tracks(settings.tracks, settings.device) if settings.projects else None
    setup = make_setup(open_base(settings), reader, settings)
    with PartialState().main_process_first():
        samples = _prepared(request, setup, reader)
    training = samples.parts["train"]
    if settings.control is not None:
        training = deal_labels(training, settings.seed)
    model = make_model(setup, training, settings)
    return _Run(request, reader, setup, samples, training, model, setup.scorer(settings))


def _prepared(request: Request, setup: ModelSetup, reader: TrackReader | None) -> SampleParts:
    """Samples of all parts that the context can hold."""
    settings = request.settings
    parts = split_rows(
        request.rows.rows,
        validation_share=settings.validation_share,
        test_share=settings.test_share,
        seed=settings.seed,
    )
    prepared = prepare(parts, request.rows.labels, settings, reader)
    room = setup.base.reasoner.context_tokens
    for part, samples in prepared.parts.items():
        fit = fitting(samples, lambda s: setup.length(s, settings), room, settings.long)
        prepared.parts[part] = fit
        if len(fit) < len(samples):
            prepared.unread[TOO_LONG] += len(samples) - len(fit)
    if not prepared.parts["train"]:
        raise DataError(f"No training row is left: {TOO_LONG}. Cut them (long = cut).")
    return prepared


def _measured_part(samples: SampleParts) -> tuple[Part, list[TrainingSample]]:
    """The part that is reported and its samples: test, else validation.

    Raises:
        DataError: there is neither.
    """
    parts: tuple[Part, ...] = ("test", "validation")
    for part in parts:
        if samples.parts[part]:
            return part, samples.parts[part]
    raise DataError(
        "There is nothing to measure the adapter on: give some rows the split validation or test, "
        "or set validation_share above 0 (with groups, or more rows)."
    )


def _report(run: _Run, measured_on: Part, stages: Sequence[StageReport]) -> SftReport:
    """The report of a run without what it gained."""
    rows, settings, parts = run.request.rows, run.settings, run.samples.parts
    return SftReport(
        name=settings.name,
        base=run.setup.base.ref.provenance,
        road=settings.road,
        data=rows.source,
        parts={
            part: PartCount(rows=len(samples), groups=len({s.row.cluster for s in samples}))
            for part, samples in parts.items()
            if samples
        },
        labels=dict(Counter(sample.gold for sample in parts["train"]).most_common()),
        left_out=dict(rows.refused + run.samples.unread),
        measured_on=measured_on,
        metric=settings.metric,
        systems=(),
        gains=(),
        stages=tuple(stages),
        learned=sum(t.numel() for t in run.model.learned_state().values()),
        weights=sum(p.numel() for p in run.model.parameters()),
        calibrated=False,
        control=settings.control,
        seconds=0.0,
        settings=settings,
        affect_llm=__version__,
    )


def _finished(
    run: _Run, comparison: SystemComparison, report: SftReport, began: float
) -> SftReport:
    """Measure the adapter, fit its temperatures and write its folder."""
    comparison.adapter(run.model)
    samples, road = run.samples.parts["validation"], main_road(run.settings)
    scored = run.scorer.score(run.model.llm, run.model.fusion, samples, road)
    fitted_on = f"{len(samples)} validation rows of {run.request.rows.source}"
    hidden = hidden_modalities(run.setup.tracks, road)
    calibration = calibrated(samples, scored, fitted_on, hidden)
    figures = {
        "systems": comparison.systems,
        "gains": comparison.gains,
        "calibrated": calibration is not None,
        "seconds": time.monotonic() - began,
    }
    report = report.model_copy(update=figures)
    save_run(
        run.request.out,
        run.settings,
        run.model,
        base=run.setup.base.ref,
        reader=run.reader,
        calibration=calibration,
        pages=run.request.pages(report),
    )
    finish(run.request.out)
    return report
