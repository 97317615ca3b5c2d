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
    return WindowVoice(_prosody([b.prosody for b in blocks]), _scores(blocks))


def _prosody(blocks: Sequence[Prosody]) -> Prosody:
    names = dict.fromkeys(name for block in blocks for name in block.values)
    return Prosody(
        values={name: _value(name, blocks) for name in names},
        speech_s=sum(b.speech_s for b in blocks),
        base_hz=_mean([(b.base_hz, b.speech_s) for b in blocks]),
    )


def _value(name: str, blocks: Sequence[Prosody]) -> Value:
    having = [b for b in blocks if name in b.values]
    return Value(
        _mean([(b.values[name].value, b.speech_s) for b in having]),
        _mean([(b.values[name].confidence, b.speech_s) for b in having]),
    )


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
