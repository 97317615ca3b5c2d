"""Prompts of the projected road, with soft tokens drawn at random."""

from collections.abc import Sequence

import numpy as np

from affect_llm.cues.catalogue import number_cues
from affect_llm.cues.extractor import Extraction
from affect_llm.prompting.reason import reason_prompt
from affect_llm.types import CueSheet, Measurement, Modality, Prompt, Road, SoftTokens, TimeSpan

LABELS = ("joy", "joyful", "disgust", "sadness")
TRACKS = {"voice": Modality.AUDIO, "face": Modality.VISUAL}
TEXTS = ("what a day", "I can't believe it, " * 6, "no")


def measured(
    modality: Modality, family: str, name: str, value: float | str, unit: str
) -> Measurement:
    return Measurement(
        modality=modality,
        family=family,
        name=name,
        value=value,
        unit=unit,
        span=TimeSpan(start_s=0.0, end_s=2.0),
        confidence=1.0,
        source="made@1#up",
    )


def sheet_of(words: str) -> CueSheet:
    """Words, a brow and a voice."""
    rows = (
        measured(Modality.TEXT, "words", "words", words, "text"),
        measured(Modality.VISUAL, "face", "AU04", 3.2, "FACS 0-5"),
        measured(Modality.AUDIO, "voice", "voice.anger", 0.7, "p"),
    )
    return number_cues([Extraction(rows)])


def soft_of(width: int, seed: int, **counts: int) -> SoftTokens:
    """`counts` random tokens per track."""
    tracks = [track for track, count in counts.items() for _ in range(count)]
    array = np.random.default_rng(seed).normal(0, 0.5, (len(tracks), width)).astype(np.float32)
    spans = (TimeSpan(start_s=0, end_s=1),) * len(tracks)
    return SoftTokens(array, spans, tuple(TRACKS[t] for t in tracks), tuple(tracks), "made@1#up")


def soft_prompt(
    words: str, soft: SoftTokens | None, road: Road = "both", labels: Sequence[str] = LABELS
) -> Prompt:
    asked = reason_prompt(sheet_of(words), labels, TRACKS, road)
    return Prompt(
        id=asked.id,
        version=asked.version,
        messages=asked.messages,
        answer_schema=asked.answer_schema,
        labels=asked.labels,
        label_prefix=asked.label_prefix,
        soft_tokens=soft,
    )


def mixed_prompts(width: int) -> list[Prompt]:
    """With both tracks, one, none of their tokens, and one of the text road."""
    return [
        soft_prompt(TEXTS[0], soft_of(width, 1, voice=3, face=2)),
        soft_prompt(TEXTS[1], soft_of(width, 2, voice=1), "projected"),
        reason_prompt(sheet_of(TEXTS[1]), LABELS),
        soft_prompt(TEXTS[2], soft_of(width, 3)),
        soft_prompt(TEXTS[0], soft_of(width, 4, voice=3, face=2)),
    ]
