"""The composer: from prepared clips by prompts and answers to results."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from affect_llm import __version__
from affect_llm.config import Settings
from affect_llm.errors import AffectError, ConfigError
from affect_llm.labels.sets import label_set
from affect_llm.pipeline.clips import Failure, Prepared, Source
from affect_llm.pipeline.preparer import Preparer
from affect_llm.pipeline.roads import open_road
from affect_llm.prompting.reason import road_file
from affect_llm.prompting.result import CheckedAnswer, judge
from affect_llm.prompting.salience import readable_sheet
from affect_llm.reasoners.reasoner import Reasoner
from affect_llm.reasoners.registry import REASONERS, open_reasoner, reasoner_spec
from affect_llm.reasoners.request import ask
from affect_llm.types import (
    Completion,
    CueSheet,
    EmotionResult,
    Provenance,
    TimeSpan,
    WindowVerdict,
)

_PartVerdict = tuple[TimeSpan | None, CheckedAnswer, Completion | None]


class Pipeline:
    """Holds the extractors, the encoders and the reasoner of one run, loaded once.

    Args:
        settings: what the run is told.
        reasoner: used instead of the one that the settings name; with the adapter on, if the
            settings name one.

    Raises:
        ConfigError, UnknownComponent, MissingExtra, WeightsError, CapabilityError: the settings
            ask for what is not there; known before the first file is opened.
    """

    def __init__(self, settings: Settings, reasoner: Reasoner | None = None) -> None:
        self.settings = settings
        self.labels = label_set(settings.labels)
        self._road = open_road(settings)
        projector = self._road.projector
        self._preparer = Preparer(settings, None if projector is None else projector.reader)
        self._reasoner = reasoner or open_reasoner(settings)
        self._road.require(self._reasoner)
        self._road = self._road.shown_to(self._reasoner, settings)
        self._preparer.media = self._road.media

    def run(self, sources: Iterable[Source]) -> Iterator[EmotionResult | Failure]:
        """Explain every source, in order; a bad one yields a `Failure` and the rest go on."""
        remaining = iter(sources)
        # Read and answered batch by batch, so that memory holds one batch alone.
        while batch := list(islice(remaining, self.settings.batch_size)):
            cases: list[Prepared | Failure] = []
            for source in batch:
                try:
                    cases.append(self.prepare(source))
                except AffectError as error:
                    cases.append(Failure(source.name, str(error)))
            outcomes = iter(self._outcomes([c for c in cases if isinstance(c, Prepared)]))
            for case in cases:
                yield next(outcomes) if isinstance(case, Prepared) else case

    @property
    def provenances(self) -> tuple[str, ...]:
        """Where the extractors and encoders come from that `prepare` runs."""
        return self._preparer.provenances

    def prepare(self, source: Source) -> Prepared:
        """What any question about a source is made from; nobody is asked.

        Raises:
            AffectError: it cannot be read.
        """
        return self._preparer.prepare(source)

    def explain(self, prepared: Sequence[Prepared]) -> list[EmotionResult]:
        """Explain clips that `prepare` has read, answered in batches."""
        name = self._reasoner.name
        # What an adapter was trained on is not known here, so it is shown everything.
        known = name in REASONERS.names() and self.settings.adapter is None
        learned = reasoner_spec(name).cue_families if known else None
        cases = [replace(c, sheet=readable_sheet(c.sheet, learned, name)) for c in prepared]
        parts = [(n, part) for n, case in enumerate(cases) for part in case.parts()]
        questions = [(self._road.question(part, self.labels), part.sheet) for _, part in parts]
        answers = ask(
            self._reasoner,
            questions,
            max_new_tokens=self.settings.max_new_tokens,
            choosing=self._road.hides_cues,
        )
        verdicts: dict[int, list[_PartVerdict]] = {}
        for (n, part), (prompt, completion) in zip(parts, answers, strict=True):
            verdict = judge(completion, prompt, part.sheet, self._reasoner.calibration)
            verdicts.setdefault(n, []).append((part.window, verdict, completion))
        return [self._result(case, verdicts.get(n, [])) for n, case in enumerate(cases)]

    def explain_sheets(self, sheets: Sequence[tuple[str, CueSheet]]) -> list[EmotionResult]:
        """Explain cues that were measured or put together elsewhere, given as (clip id, sheet).

        Raises:
            ConfigError: the run takes a road that needs features, and a sheet has none.
        """
        if self._road.projector is not None:
            raise ConfigError(
                f"Cue sheets without a clip have no features for the road '{self._road.road}'. "
                "Use road = 'text', or give the clips themselves."
            )
        return self.explain([Prepared(i, "cues", 0.0, (), sheet) for i, sheet in sheets])

    def _outcomes(self, cases: Sequence[Prepared]) -> Sequence[EmotionResult | Failure]:
        """Answer a batch; where that fails, one by one, so that a bad clip costs only itself."""
        try:
            return self.explain(cases)
        except AffectError as error:
            if len(cases) == 1:
                return [Failure(cases[0].name, str(error))]
            return [outcome for case in cases for outcome in self._outcomes([case])]

    def _result(self, case: Prepared, verdicts: Sequence[_PartVerdict]) -> EmotionResult:
        """One result of a clip's verdicts, the whole's first.

        Nothing to go by is an answer too: it abstains, with every reason in the sheet.
        """
        (_, whole, completion), *windows = verdicts or [(None, CheckedAnswer(), None)]
        model = f"{self._reasoner.name} (not asked)" if completion is None else completion.model
        sure = whole.confidence is None or whole.confidence >= self.settings.abstain_below
        shares = whole.distribution or {}
        return EmotionResult(
            clip_id=case.clip_id,
            clip_name=case.name,
            duration_s=case.duration_s,
            label_set=self.labels,
            labels=() if whole.label is None else (whole.label,),
            distribution=whole.distribution
            and dict(sorted(shares.items(), key=lambda item: -item[1])),
            confidence=whole.confidence,
            abstained=not verdicts or (whole.label is not None and not sure),
            open_labels=whole.open_labels,
            valence=whole.valence,
            arousal=whole.arousal,
            explanation=whole.explanation,
            support=whole.support,
            modality_verdicts=whole.modality_verdicts,
            conflict=whole.conflict,
            windows=tuple(
                WindowVerdict(
                    span=span,
                    label=verdict.label,
                    confidence=verdict.confidence,
                    valence=verdict.valence,
                    arousal=verdict.arousal,
                )
                for span, verdict, _ in windows
                if span is not None
            ),
            sheet=case.sheet,
            transcript=case.transcript,
            raw="" if completion is None else completion.text,
            unparsed=whole.unparsed,
            provenance=Provenance(
                affect_llm=__version__,
                prompt=road_file(self._road.road).provenance,
                model=model,
                extractors=self._preparer.provenances,
                settings={**self.settings.model_dump(mode="json"), "road": self._road.road},
                calibrated=self._reasoner.calibration is not None,
            ),
        )
