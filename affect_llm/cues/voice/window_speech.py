"""What was heard in a window, put together from its blocks."""

from collections.abc import Sequence
from dataclasses import dataclass

from affect_llm.cues.voice.head import VoiceScores
from affect_llm.cues.voice.prosody import Prosody, Value


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
    return WindowVoice(prosody, _scores(blocks))


def _scores(blocks: Sequence[WindowVoice]) -> VoiceScores | None:
    having = [(b.scores, b.prosody.speech_s) for b in blocks if b.scores is not None]
    if not having:
        return None
    labels = having[0][0].emotions
    return VoiceScores(
        emotions={e: _mean([(s.emotions[e], w) for s, w in having]) for e in labels},
        arousal=_mean([(s.arousal, w) for s, w in having]),
        valence=_mean([(s.valence, w) for s, w in having]),
    )


def _mean(pairs: Sequence[tuple[float, float]]) -> float:
    return sum(v * w for v, w in pairs) / sum(w for _, w in pairs)
