"""The words that every layer speaks.

Arrays live in frozen, slotted dataclasses. What is logged, stored or crosses a process is a
frozen pydantic model that refuses unknown keys. Times are seconds from the start of the clip.
"""

from affect_llm.types.base import (
    AUDIO_RATE_HZ,
    ROADS,
    Modality,
    Model,
    Road,
    TimeSpan,
    TranscriptSegment,
)
from affect_llm.types.clip_media import ClipMedia, MediaInput
from affect_llm.types.cues import Absence, Baseline, Cue, CueSheet, Measurement
from affect_llm.types.features import Features, SoftTokens, slot_marker
from affect_llm.types.media import AudioWindow, Clip, Frame, MediaSource
from affect_llm.types.prompts import Completion, Message, Prompt, Usage
from affect_llm.types.replies import REPLY_SCHEMA, Fact, Reply
from affect_llm.types.results import (
    RESULT_SCHEMA,
    Conflict,
    EmotionResult,
    Provenance,
    Sentence,
    Support,
    SupportCounts,
    WindowVerdict,
)
from affect_llm.types.samples import Sample, Score

__all__ = [
    "AUDIO_RATE_HZ",
    "REPLY_SCHEMA",
    "RESULT_SCHEMA",
    "ROADS",
    "Absence",
    "AudioWindow",
    "Baseline",
    "Clip",
    "ClipMedia",
    "Completion",
    "Conflict",
    "Cue",
    "CueSheet",
    "EmotionResult",
    "Fact",
    "Features",
    "Frame",
    "Measurement",
    "MediaInput",
    "MediaSource",
    "Message",
    "Modality",
    "Model",
    "Prompt",
    "Provenance",
    "Reply",
    "Road",
    "Sample",
    "Score",
    "Sentence",
    "SoftTokens",
    "Support",
    "SupportCounts",
    "TimeSpan",
    "TranscriptSegment",
    "Usage",
    "WindowVerdict",
    "slot_marker",
]
