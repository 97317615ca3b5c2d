"""Results of every kind, built by hand; shared by the tests of report, cli and ui."""

from affect_llm.types import (
    Absence,
    Baseline,
    Conflict,
    Cue,
    CueSheet,
    EmotionResult,
    Modality,
    Provenance,
    Sentence,
    SupportCounts,
    TimeSpan,
    TranscriptSegment,
    WindowVerdict,
)

LABELS = ("anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise")


def span(start: float, end: float) -> TimeSpan:
    return TimeSpan(start_s=start, end_s=end)


def cue(
    id: str,
    name: str,
    value: float | str,
    unit: str,
    when: TimeSpan,
    *,
    family: str,
    modality: Modality,
    baseline: Baseline | None = None,
    person: str | None = None,
) -> Cue:
    return Cue(
        id=id,
        modality=modality,
        family=family,
        name=name,
        value=value,
        unit=unit,
        span=when,
        confidence=0.9,
        baseline=baseline,
        person=person,
        source=f"{family}@1#fixture",
    )


NORM = Baseline(kind="norm", mean=196.0, sd=24.0, source="a published norm")


def clip_cues() -> tuple[Cue, ...]:
    return (
        cue("T1", "words", "I still can't believe it.", "text", span(0.4, 2.1),
            family="words", modality=Modality.TEXT),
        cue("T2", "words", "We made it, and I am so proud of all of you!", "text",
            span(2.6, 6.3), family="words", modality=Modality.TEXT),
        cue("V1", "pitch.mean", 236.0, "Hz", span(0.0, 9.0),
            family="prosody", modality=Modality.AUDIO, baseline=NORM),
        cue("V2", "voice.happiness", 0.81, "p", span(2.6, 6.3),
            family="voice", modality=Modality.AUDIO),
        cue("F1", "AU12", 3.2, "FACS 0-5", span(2.0, 8.0),
            family="face", modality=Modality.VISUAL, person="P1"),
        cue("F2", "AU06", 1.8, "FACS 0-5", span(2.5, 7.0),
            family="face", modality=Modality.VISUAL, person="P1"),
        cue("F3", "face.happiness", 0.94, "p", span(2.0, 8.0),
            family="face", modality=Modality.VISUAL, person="P1"),
        cue("F4", "head.roll", 9.0, "deg", span(4.0, 6.0),
            family="head", modality=Modality.VISUAL, person="P1"),
    )  # fmt: skip


PROVENANCE = Provenance(
    affect_llm="0.1.0",
    prompt="reason@1",
    model="embedded@1#abc123",
    extractors=("face@1#fixture", "prosody@1#fixture"),
    settings={"reasoner": "embedded", "abstain_below": 0.3},
    calibrated=True,
)


def joyful_clip(name: str = "clip.mp4") -> EmotionResult:
    """Three modalities, one contradicted and one unsupported sentence, one absence."""
    return EmotionResult(
        clip_id="0" * 64,
        clip_name=name,
        duration_s=9.0,
        label_set=LABELS,
        labels=("joy",),
        distribution={
            "joy": 0.78, "surprise": 0.11, "neutral": 0.05, "sadness": 0.02, "anger": 0.02,
            "fear": 0.01, "disgust": 0.01,
        },
        confidence=0.78,
        abstained=False,
        open_labels=("pride", "relief"),
        valence=0.7,
        arousal=0.4,
        explanation=(
            Sentence(text="The words speak of pride.", cue_ids=("T2",), span=span(2.6, 6.3),
                     support="supported"),
            Sentence(text="The lip corners are pulled up markedly.", cue_ids=("F1", "F2"),
                     span=span(2.0, 8.0), support="supported"),
            Sentence(text="The pitch is low.", cue_ids=("V1",), span=span(0.0, 9.0),
                     support="contradicted", problem="V1 is pitch, high"),
            Sentence(text="It rains outside.", cue_ids=(), span=None, support="unsupported",
                     problem="it cites no cue"),
        ),
        support=SupportCounts(supported=2, contradicted=1, unsupported=1),
        modality_verdicts={
            Modality.TEXT: "joy", Modality.AUDIO: "neutral", Modality.VISUAL: "joy",
        },
        conflict=Conflict(
            present=True, between=(Modality.TEXT, Modality.AUDIO), score=0.62
        ),
        sheet=CueSheet(
            cues=clip_cues(),
            absent=(
                Absence(modality=Modality.VISUAL, family="scene", state="absent",
                        reason="the model open_clip is not in the store",
                        remedy="affect-llm models pull open_clip"),
            ),
        ),
        transcript=(
            TranscriptSegment(text="I still can't believe it.", span=span(0.4, 2.1)),
            TranscriptSegment(
                text="We made it, and I am so proud of all of you!", span=span(2.6, 6.3)
            ),
        ),
        raw='{"label":"joy"}',
        provenance=PROVENANCE,
    )  # fmt: skip


def abstained_clip() -> EmotionResult:
    return joyful_clip("quiet.wav").model_copy(
        update={
            "confidence": 0.24,
            "abstained": True,
            "distribution": {
                "joy": 0.24, "neutral": 0.2, "sadness": 0.2, "anger": 0.12, "fear": 0.12,
                "disgust": 0.06, "surprise": 0.06,
            },
            "modality_verdicts": {},
            "conflict": Conflict(present=False),
        }
    )  # fmt: skip


def unparsed_clip() -> EmotionResult:
    return joyful_clip("odd.mp4").model_copy(
        update={
            "labels": (),
            "distribution": None,
            "confidence": None,
            "explanation": (),
            "support": SupportCounts(supported=0, contradicted=0, unsupported=0),
            "valence": None,
            "arousal": None,
            "raw": "I think <b>joy</b>",
            "unparsed": "it is not JSON",
        }
    )


def text_only() -> EmotionResult:
    words = cue("T1", "words", "What a lovely day!", "text", span(0, 0), family="words",
                modality=Modality.TEXT)  # fmt: skip
    return joyful_clip("text").model_copy(
        update={
            "duration_s": 0.0,
            "sheet": CueSheet(
                cues=(words,),
                absent=tuple(
                    Absence(modality=m, state="absent", reason="this is a text")
                    for m in (Modality.AUDIO, Modality.VISUAL)
                ),
            ),
            "explanation": (
                Sentence(text="The words are warm.", cue_ids=("T1",), span=span(0, 0),
                         support="supported"),
            ),
            "transcript": (TranscriptSegment(text="What a lovely day!", span=span(0, 0)),),
        }
    )  # fmt: skip


def still_image() -> EmotionResult:
    smile = cue("F1", "AU12", 3.2, "FACS 0-5", span(0, 0), family="face",
                modality=Modality.VISUAL, person="P1")  # fmt: skip
    return joyful_clip("portrait.png").model_copy(
        update={
            "duration_s": 0.0,
            "sheet": CueSheet(cues=(smile,)),
            "explanation": (
                Sentence(text="The lip corners are pulled up.", cue_ids=("F1",),
                         span=span(0, 0), support="supported"),
            ),
            "transcript": (),
        }
    )  # fmt: skip


def long_clip(windows: int = 30) -> EmotionResult:
    """A clip of `windows` windows of 20 s, five cues in each."""
    names = (("V", "pitch.mean", 230.0, "Hz", "prosody", Modality.AUDIO),
             ("V", "voice.happiness", 0.6, "p", "voice", Modality.AUDIO),
             ("F", "AU12", 2.6, "FACS 0-5", "face", Modality.VISUAL),
             ("F", "face.happiness", 0.7, "p", "face", Modality.VISUAL),
             ("T", "words", "and so on it went", "text", "words", Modality.TEXT))  # fmt: skip
    cues = tuple(
        cue(f"{letter}{5 * w + i}", name, value, unit, span(20.0 * w, 20.0 * (w + 1)),
            family=family, modality=modality,
            baseline=NORM if name == "pitch.mean" else None)
        for w in range(windows)
        for i, (letter, name, value, unit, family, modality) in enumerate(names)
    )  # fmt: skip
    verdicts = tuple(
        WindowVerdict(span=span(20.0 * w, 20.0 * (w + 1)), label=LABELS[w % 7], confidence=0.5,
                      valence=0.1, arousal=0.2)
        for w in range(windows)
    )  # fmt: skip
    return joyful_clip("meeting.mp4").model_copy(
        update={
            "duration_s": 20.0 * windows,
            "sheet": CueSheet(cues=cues),
            "windows": verdicts,
            "explanation": (
                Sentence(text="The pitch is high.", cue_ids=("V0",), span=span(0.0, 20.0),
                         support="supported"),
            ),
        }
    )  # fmt: skip


ALL = {
    "joyful": joyful_clip,
    "abstained": abstained_clip,
    "unparsed": unparsed_clip,
    "text": text_only,
    "image": still_image,
    "long": long_clip,
}
