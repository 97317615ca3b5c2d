"""The only composer: a source goes in, an explained emotion comes out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

from affect_llm import __version__
from affect_llm.config import Settings
from affect_llm.cues.choice import extractors_for
from affect_llm.cues.extractor import CueExtractor, Extraction, number_cues
from affect_llm.errors import AffectError, ConfigError
from affect_llm.labels.sets import label_set
from affect_llm.media.load import load_clip, text_clip
from affect_llm.prompting.files import prompt_file
from affect_llm.prompting.reason import reason_prompt
from affect_llm.prompting.result import Verdict, judge
from affect_llm.prompting.salience import select_cues
from affect_llm.reasoners.asking import ask
from affect_llm.reasoners.reasoner import Reasoner
from affect_llm.reasoners.registry import open_reasoner
from affect_llm.types import (
    Absence,
    Clip,
    Completion,
    Conflict,
    CueSheet,
    EmotionResult,
    Provenance,
    SupportCounts,
    TimeSpan,
    TranscriptSegment,
    WindowVerdict,
)


@dataclass(frozen=True, slots=True)
class Source:
    """What to explain: a file, a text, or a file with the words spoken in it.

    Args:
        path: a local media or text file.
        text: the words; with `path`, its transcript, which wins over any other.
    """

    path: Path | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be read, and the sentence that says why."""

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class _Case:
    """A clip on its way: what it is called, its cues, and the stretches that are answered."""

    clip_id: str
    name: str
    duration_s: float
    transcript: tuple[TranscriptSegment, ...]
    sheet: CueSheet
    windows: tuple[TimeSpan, ...]

    def parts(self) -> list[tuple[TimeSpan | None, CueSheet]]:
        """The whole, then each window where there are several; only those with cues to show."""
        windows = self.windows if len(self.windows) > 1 else ()
        parts = [(w, self.sheet.within(w)) for w in windows]
        whole: list[tuple[TimeSpan | None, CueSheet]] = [(None, self.sheet)]
        return [(w, sheet) for w, sheet in (*whole, *parts) if select_cues(sheet)]


class Pipeline:
    """Holds the extractors and the reasoner of one run, loaded once.

    Args:
        settings: of the run.
        reasoner: used instead of the one that the settings name.

    Raises:
        ConfigError, UnknownComponent, MissingExtra, WeightsError, CapabilityError: the settings
            ask for what is not there; known before the first file is opened.
    """

    def __init__(self, settings: Settings, reasoner: Reasoner | None = None) -> None:
        self.settings = settings
        self.labels = label_set(settings.labels)
        self._extractors, self._known_absent = extractors_for(settings)
        self._reasoner = reasoner or open_reasoner(settings)

    def run(self, sources: Iterable[Source]) -> Iterator[EmotionResult | Failure]:
        """Explain every source, in order; a bad one yields a `Failure` and the rest go on."""
        remaining = iter(sources)
        while batch := list(islice(remaining, self.settings.batch_size)):
            cases = [self._case(source) for source in batch]
            answered = iter(self._answer([c for c in cases if isinstance(c, _Case)]))
            for case in cases:
                yield next(answered) if isinstance(case, _Case) else case

    def explain_sheet(
        self, sheet: CueSheet, *, clip_id: str, name: str = "cues", duration_s: float = 0.0
    ) -> EmotionResult:
        """Explain cues that were measured or put together elsewhere."""
        return self.explain_sheets([(clip_id, sheet)], name=name, duration_s=duration_s)[0]

    def explain_sheets(
        self, sheets: Sequence[tuple[str, CueSheet]], *, name: str = "cues", duration_s: float = 0.0
    ) -> list[EmotionResult]:
        """`explain_sheet` for many (clip id, sheet), answered in batches."""
        cases = [_Case(i, name, duration_s, (), sheet, ()) for i, sheet in sheets]
        return self._answer(cases)

    def _case(self, source: Source) -> _Case | Failure:
        try:
            clip = self._open(source)
        except AffectError as error:
            return Failure(source.path.name if source.path else "text", str(error))
        windows = split_windows(clip.duration_s, self.settings.window_s)
        extractions = [self._extract(extractor, clip, windows) for extractor in self._extractors]
        sheet = number_cues(extractions)
        absent = _without_repeats((*self._known_absent.absent, *clip.absent, *sheet.absent), sheet)
        return _Case(
            clip_id=clip.id,
            name=clip.name,
            duration_s=clip.duration_s,
            transcript=clip.transcript,
            sheet=CueSheet(cues=sheet.cues, absent=absent),
            windows=windows,
        )

    def _open(self, source: Source) -> Clip:
        limits, language = self.settings.limits, self.settings.language
        if source.path is not None:
            return load_clip(source.path, transcript=source.text, language=language, limits=limits)
        if source.text is None:
            raise ConfigError("There is nothing to explain: give a file or a text.")
        return text_clip(source.text, language=language, limits=limits)

    def _extract(
        self, extractor: CueExtractor, clip: Clip, windows: tuple[TimeSpan, ...]
    ) -> Extraction:
        try:
            return extractor.extract(clip, windows)
        except AffectError as error:
            failed = Absence(modality=extractor.modality, state="failed", reason=str(error))
            return Extraction(absent=(failed,))

    def _answer(self, cases: Sequence[_Case]) -> list[EmotionResult]:
        asked = [(n, w, sheet) for n, case in enumerate(cases) for w, sheet in case.parts()]
        questions = [(reason_prompt(s, self.labels), s) for _, _, s in asked]
        answered = ask(self._reasoner, questions, max_new_tokens=self.settings.max_new_tokens)
        verdicts: dict[int, list[tuple[TimeSpan | None, Verdict, Completion]]] = {}
        for (n, window, sheet), (prompt, said) in zip(asked, answered, strict=True):
            verdict = judge(said, prompt, sheet, self._reasoner.calibration)
            verdicts.setdefault(n, []).append((window, verdict, said))
        return [self._result(case, verdicts.get(n, [])) for n, case in enumerate(cases)]

    def _result(
        self, case: _Case, verdicts: Sequence[tuple[TimeSpan | None, Verdict, Completion]]
    ) -> EmotionResult:
        if not verdicts:
            return self._empty(case)
        (_, whole, said), *parts = verdicts
        sure = whole.confidence is None or whole.confidence >= self.settings.abstain_below
        ranked = sorted(whole.distribution or {}, key=lambda x: -(whole.distribution or {})[x])
        return EmotionResult(
            clip_id=case.clip_id,
            clip_name=case.name,
            duration_s=case.duration_s,
            label_set=self.labels,
            labels=() if whole.label is None else (whole.label,),
            distribution=whole.distribution and {k: whole.distribution[k] for k in ranked},
            confidence=whole.confidence,
            abstained=whole.label is not None and not sure,
            open_labels=whole.open_labels,
            valence=whole.valence,
            arousal=whole.arousal,
            explanation=whole.explanation,
            support=whole.support,
            modality_verdicts=whole.modality_verdicts,
            conflict=whole.conflict,
            windows=tuple(_window(w, verdict) for w, verdict, _ in parts if w is not None),
            sheet=case.sheet,
            transcript=case.transcript,
            raw=said.text,
            unparsed=whole.unparsed,
            provenance=self._provenance(said.model),
        )

    def _empty(self, case: _Case) -> EmotionResult:
        """Nothing to go by is an answer too: it abstains, with every reason in the sheet."""
        return EmotionResult(
            clip_id=case.clip_id,
            clip_name=case.name,
            duration_s=case.duration_s,
            label_set=self.labels,
            labels=(),
            distribution=None,
            confidence=None,
            abstained=True,
            support=SupportCounts(supported=0, contradicted=0, unsupported=0),
            conflict=Conflict(present=False),
            sheet=case.sheet,
            transcript=case.transcript,
            raw="",
            unparsed=None,
            provenance=self._provenance(f"{self._reasoner.name} (not asked)"),
        )

    def _provenance(self, model: str) -> Provenance:
        return Provenance(
            affect_llm=__version__,
            prompt=prompt_file("reason").passport,
            model=model,
            extractors=tuple(extractor.passport for extractor in self._extractors),
            settings=self.settings.model_dump(mode="json"),
            calibrated=self._reasoner.calibration is not None,
        )


def split_windows(duration_s: float, window_s: float) -> tuple[TimeSpan, ...]:
    """Equal windows of at most `window_s` that cover the clip; one of length 0 for a still."""
    count = max(1, -(-int(duration_s * 1000) // int(window_s * 1000)))
    edges = [duration_s * n / count for n in range(count + 1)]
    return tuple(TimeSpan(start_s=start, end_s=end) for start, end in pairwise(edges))


def _window(span: TimeSpan, verdict: Verdict) -> WindowVerdict:
    return WindowVerdict(
        span=span,
        label=verdict.label,
        confidence=verdict.confidence,
        valence=verdict.valence,
        arousal=verdict.arousal,
    )


def _without_repeats(absent: Sequence[Absence], sheet: CueSheet) -> tuple[Absence, ...]:
    """One entry per modality and family, and none for a modality that has cues after all."""
    present = {cue.modality for cue in sheet.cues}
    kept: dict[tuple[str, str | None], Absence] = {}
    for entry in absent:
        whole = entry.family is None and entry.state == "absent"
        if not (whole and entry.modality in present):
            kept.setdefault((entry.modality, entry.family), entry)
    return tuple(kept.values())
