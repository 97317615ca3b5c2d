"""From what was heard to measurements, the most prominent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from affect_llm.cues.catalogue import kind_of, number_of
from affect_llm.cues.measurement import measured
from affect_llm.cues.voice.head import VoiceScores
from affect_llm.cues.voice.norms import norm_of, own_level
from affect_llm.cues.voice.prosody import Prosody, Value
from affect_llm.types import Baseline, Measurement, TimeSpan

_ENOUGH_S = 1.0
"""Seconds of speech from which the head's scores are fully trusted."""
_PROMINENT = 4.0
"""A certain emotion counts as much as a deviation of four."""


@dataclass(frozen=True, slots=True)
class WindowVoice:
    """Prosody of a window, and the head's scores where there was enough speech for them."""

    prosody: Prosody
    scores: VoiceScores | None


def combine(blocks: Sequence[WindowVoice]) -> WindowVoice:
    """One window out of its blocks, each weighing as much as the speech in it."""
    if len(blocks) == 1:
        return blocks[0]
    parts = [block.prosody for block in blocks]
    values: dict[str, Value] = {}
    for name in dict.fromkeys(name for part in parts for name in part.values):
        rows = [(part.values[name], part.speech_s) for part in parts if name in part.values]
        values[name] = Value(
            _mean([(value.value, weight) for value, weight in rows]),
            _mean([(value.confidence, weight) for value, weight in rows]),
        )
    base_hz = _mean([(part.base_hz, part.speech_s) for part in parts])
    prosody = Prosody(values, sum(part.speech_s for part in parts), base_hz)
    having = [(b.scores, b.prosody.speech_s) for b in blocks if b.scores is not None]
    if not having:
        return WindowVoice(prosody, None)
    scores = VoiceScores(
        emotions={e: _mean([(s.emotions[e], w) for s, w in having]) for e in having[0][0].emotions},
        arousal=_mean([(s.arousal, w) for s, w in having]),
        valence=_mean([(s.valence, w) for s, w in having]),
    )
    return WindowVoice(prosody, scores)


def _mean(pairs: Sequence[tuple[float, float]]) -> float:
    return sum(v * w for v, w in pairs) / sum(w for _, w in pairs)


def report(
    voices: Mapping[int, WindowVoice],
    windows: Sequence[TimeSpan],
    prosody_source: str,
    head_source: str,
) -> tuple[Measurement, ...]:
    """Measurements of every window that has speech, windows in order of time.

    Args:
        voices: by index into `windows`.
        windows: where each was heard.
        prosody_source: provenance of the prosody.
        head_source: provenance of the voice head.
    """
    order = sorted(voices, key=lambda i: windows[i].start_s)
    clip = [voices[i].prosody for i in order]
    measurements: list[Measurement] = []
    for index in order:
        voice, span = voices[index], windows[index]
        rows = []
        for name, value in voice.prosody.values.items():
            baseline = own_level(name, clip) or norm_of(name, voice.prosody.base_hz)
            rows.append(
                _rounded(name, value.value, span, value.confidence, prosody_source, baseline)
            )
        if (scores := voice.scores) is not None:
            trust = min(1.0, voice.prosody.speech_s / _ENOUGH_S)
            affect = {"arousal": scores.arousal, "valence": scores.valence}
            for name, score in (scores.emotions | affect).items():
                rows.append(_rounded(f"voice.{name}", score, span, trust, head_source))
        measurements += sorted(rows, key=prominence, reverse=True)
    return tuple(measurements)


def prominence(measurement: Measurement) -> float:
    """How much a measurement stands out, 0 to 1, for the order of the cue ids.

    It is the strength of the cue, but a deviation is full at four, so that the order tells apart
    what prompts and drawings show as equally strong.
    """
    kind, number = kind_of(measurement.name), number_of(measurement)
    if kind.scale is None or number is None:
        return 0.0
    full = _PROMINENT if kind.relative else None
    return kind.scale.strength(number, full) * measurement.confidence


def _rounded(
    name: str,
    value: float,
    span: TimeSpan,
    confidence: float,
    source: str,
    baseline: Baseline | None = None,
) -> Measurement:
    trust = round(min(1.0, max(0.0, confidence)), 4)
    return measured(name, round(value, 4), span, trust, source, baseline=baseline)
