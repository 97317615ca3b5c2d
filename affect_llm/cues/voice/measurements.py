"""From what was heard to measurements, the most prominent first."""

from collections.abc import Iterator, Mapping, Sequence

from affect_llm.cues.catalogue import kind_of
from affect_llm.cues.voice.head import VoiceScores
from affect_llm.cues.voice.norms import norm_of, own_level
from affect_llm.cues.voice.prosody import Prosody
from affect_llm.cues.voice.window_speech import WindowVoice
from affect_llm.types import Baseline, Measurement, Modality, TimeSpan

_ENOUGH_S = 1.0
"""Seconds of speech from which the head's scores are fully trusted."""
_PROMINENT = 4.0
"""A certain emotion counts as much as a deviation of four."""


def report(
    heard: Mapping[int, WindowVoice],
    windows: Sequence[TimeSpan],
    prosody_source: str,
    head_source: str,
) -> tuple[Measurement, ...]:
    """Measurements of every window that has speech, windows in order of time.

    Args:
        heard: by index into `windows`.
        windows: where each was heard.
        prosody_source: provenance of the prosody.
        head_source: provenance of the voice head.
    """
    order = sorted(heard, key=lambda i: windows[i].start_s)
    clip = [heard[i].prosody for i in order]
    found: list[Measurement] = []
    for index in order:
        here, span = heard[index], windows[index]
        rows = list(_prosody(here.prosody, clip, span, prosody_source))
        if here.scores is not None:
            trust = min(1.0, here.prosody.speech_s / _ENOUGH_S)
            rows += _voice(here.scores, span, trust, head_source)
        found += sorted(rows, key=prominence, reverse=True)
    return tuple(found)


def prominence(measurement: Measurement) -> float:
    """How much a measurement stands out: its deviation, or its probability or pole times 4."""
    if measurement.family == "prosody":
        deviation = measurement.deviation or 0.0
        return min(abs(deviation), _PROMINENT) * measurement.confidence
    return _PROMINENT * abs(float(measurement.value)) * measurement.confidence


def _prosody(
    here: Prosody, clip: Sequence[Prosody], span: TimeSpan, source: str
) -> Iterator[Measurement]:
    for name, value in here.values.items():
        baseline = own_level(name, clip) or norm_of(name, here.base_hz)
        yield _measurement(name, value.value, span, value.confidence, baseline, source)


def _voice(scores: VoiceScores, span: TimeSpan, trust: float, source: str) -> Iterator[Measurement]:
    for emotion, probability in scores.emotions.items():
        yield _measurement(f"voice.{emotion}", probability, span, trust, None, source)
    yield _measurement("voice.arousal", scores.arousal, span, trust, None, source)
    yield _measurement("voice.valence", scores.valence, span, trust, None, source)


def _measurement(
    name: str,
    value: float,
    span: TimeSpan,
    confidence: float,
    baseline: Baseline | None,
    source: str,
) -> Measurement:
    kind = kind_of(name)
    return Measurement(
        modality=Modality.AUDIO,
        family=kind.family,
        name=name,
        value=round(value, 4),
        unit=kind.unit,
        span=span,
        confidence=round(min(1.0, max(0.0, confidence)), 4),
        baseline=baseline,
        source=source,
    )
