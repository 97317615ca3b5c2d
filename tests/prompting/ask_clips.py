"""Answers for clips that questions are asked about."""

from random_sheets import make_cue

from affect_llm.types import (
    Absence,
    Conflict,
    Cue,
    CueSheet,
    EmotionResult,
    Modality,
    Provenance,
    SupportCounts,
    TimeSpan,
    WindowVerdict,
)

LABELS = ("anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise")
P = {"joy": 0.62, "anger": 0.17, "neutral": 0.09, "surprise": 0.05, "sadness": 0.04, "fear": 0.02,
     "disgust": 0.01}  # fmt: skip


def seen(id_: str, name: str, value: float, start: float, end: float, person: str) -> Cue:
    return make_cue(id_, name, value, start, end).model_copy(update={"person": person})


CUES = (
    make_cue("T1", "words", "I can't believe it!", 0.0, 2.0),
    make_cue("T2", "words", "Thank you so much.", 6.0, 8.0),
    make_cue("V1", "pitch.mean", 118.0, 0.0, 10.0),
    make_cue("V2", "loudness", 122.0, 5.0, 10.0),
    make_cue("V3", "voice.anger", 0.72, 0.0, 10.0),
    make_cue("V4", "pause.share", 101.0, 0.0, 10.0),
    seen("F1", "AU12", 3.2, 0.0, 4.0, "P1"),
    seen("F2", "AU04", 3.1, 6.0, 9.0, "P2"),
    seen("F3", "face.happiness", 0.93, 0.0, 4.0, "P1"),
    seen("F4", "AU15", 0.1, 0.0, 10.0, "P1"),
    seen("F5", "AU12", 0.2, 6.0, 9.0, "P2"),
)
GONE = Absence(
    modality=Modality.VISUAL, family="gaze", state="absent", reason="the faces are too small"
)


def asked_clip(cues: tuple[Cue, ...] = CUES, **changed: object) -> EmotionResult:
    """Two people, words and face for joy, the voice for anger."""
    told = {Modality.TEXT: "joy", Modality.AUDIO: "anger", Modality.VISUAL: "joy"}
    there = {cue.modality for cue in cues}
    result = EmotionResult(
        clip_id="0" * 64,
        clip_name="clip.mp4",
        duration_s=10.0,
        label_set=LABELS,
        labels=("joy",),
        distribution=P,
        confidence=0.62,
        abstained=False,
        valence=0.6,
        arousal=0.4,
        support=SupportCounts(supported=0, contradicted=0, unsupported=0),
        modality_verdicts={m: v for m, v in told.items() if m in there},
        conflict=Conflict(present=True, between=tuple(told), score=2 / 3),
        sheet=CueSheet(cues=cues, absent=(GONE,)),
        raw="{}",
        provenance=Provenance(
            affect_llm="0", prompt="reason@1", model="m@1#0", extractors=("face@1", "voice@1"),
            settings={"abstain_below": 0.25}, calibrated=True,
        ),
    )  # fmt: skip
    return result.model_copy(update=changed)


def windowed(labels: tuple[str | None, ...]) -> EmotionResult:
    windows = tuple(
        WindowVerdict(
            span=TimeSpan(start_s=10.0 * n, end_s=10.0 * n + 10),
            label=label,
            confidence=0.5,
            valence=0.0,
            arousal=0.0,
        )
        for n, label in enumerate(labels)
    )
    return asked_clip(duration_s=10.0 * len(labels), windows=windows)
