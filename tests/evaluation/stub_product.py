"""A product for tests: knows some words, reads cues by rule, and counts what it was asked."""

from collections.abc import Iterable, Iterator, Sequence

from affect_llm.config import Settings
from affect_llm.evaluation.prediction import Explainer, MakeExplainer
from affect_llm.labels.canonical import canonical
from affect_llm.labels.sets import label_set
from affect_llm.pipeline import Failure, Source
from affect_llm.types import (
    Absence,
    Conflict,
    Cue,
    CueSheet,
    EmotionResult,
    Modality,
    Provenance,
    Sentence,
    SupportCounts,
    TimeSpan,
)

EVERYTHING = TimeSpan(start_s=0, end_s=0)


def words(text: str, id: str = "T1") -> Cue:
    return Cue(
        id=id,
        modality=Modality.TEXT,
        family="words",
        name="words",
        value=text,
        unit="text",
        span=EVERYTHING,
        confidence=1,
        source="given",
    )


def result(
    label: str | None,
    *,
    sheet: CueSheet | None = None,
    confidence: float | None = 0.9,
    abstained: bool = False,
    explanation: tuple[Sentence, ...] = (),
    model: str = "stub@1",
    clip_id: str = "c",
) -> EmotionResult:
    return EmotionResult(
        clip_id=clip_id,
        clip_name="text",
        duration_s=0,
        label_set=("joy", "anger"),
        labels=() if label is None else (label,),
        distribution=None,
        confidence=confidence if label else None,
        abstained=abstained,
        explanation=explanation,
        support=SupportCounts(
            **{
                kind: sum(s.support == kind for s in explanation)
                for kind in ("supported", "contradicted", "unsupported")
            }
        ),
        conflict=Conflict(present=False),
        sheet=sheet or CueSheet(cues=(words("hm"),)),
        raw="{}",
        unparsed=None if label else "not JSON",
        provenance=Provenance(
            affect_llm="0",
            prompt="reason@1",
            model=model,
            extractors=(),
            settings={},
            calibrated=True,
        ),
    )


class StubProduct:
    """Answers a text that names a label with it, fails on "broken", abstains on "vague"."""

    def __init__(self, settings: Settings, *, model: str = "stub@1", dies_after: int = 10**6):
        self.settings = settings
        self.asked: list[str] = []
        self._labels = label_set(settings.labels)
        self._model = model
        self._dies_after = dies_after

    def run(self, sources: Iterable[Source]) -> Iterator[EmotionResult | Failure]:
        for source in sources:
            if len(self.asked) >= self._dies_after:
                raise KeyboardInterrupt
            self.asked.append(source.text or str(source.path))
            yield self._outcome(source.text or "")

    def explain_sheets(self, sheets: Sequence[tuple[str, CueSheet]]) -> list[EmotionResult]:
        return [self.explain(sheet, clip_id) for clip_id, sheet in sheets]

    def explain(self, sheet: CueSheet, clip_id: str) -> EmotionResult:
        """The likeliest emotion of all cues, with one sentence per cue."""
        self.asked.append(clip_id)
        sentences = tuple(
            Sentence(
                text=f"{cue.name} is {cue.value}.",
                cue_ids=(cue.id,),
                span=cue.span,
                support="supported",
            )
            for cue in sheet.cues
        )
        named = [n for cue in sheet.cues for n in _named(cue, self._labels)]
        label = max(sorted(set(named)), key=named.count) if named else self._labels[0]
        return result(label, sheet=sheet, explanation=sentences, clip_id=clip_id)

    def _outcome(self, text: str) -> EmotionResult | Failure:
        if "broken" in text:
            return Failure(name="text", message="It cannot be read.")
        if "faceless" in text:
            gone = Absence(modality=Modality.TEXT, state="absent", reason="no words")
            return result("joy", sheet=CueSheet(absent=(gone,)), model=self._model)
        label = next((name for name in self._labels if name in text), None)
        return result(label, abstained="vague" in text, model=self._model)


def _named(cue: Cue, labels: tuple[str, ...]) -> list[str]:
    text = str(cue.value) if cue.modality is Modality.TEXT else cue.name
    return [name for name in labels if name in text or (canonical(name) or name) in text]


def make_from(product: Explainer) -> MakeExplainer:
    """A factory that always gives `product`."""
    return lambda settings: product
