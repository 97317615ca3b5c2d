"""A voice extractor for tests and demos: it makes up cues from the clip's id."""

import hashlib
from collections.abc import Sequence

from affect_llm.cues.extractor import Extraction
from affect_llm.cues.kinds import EMOTIONS
from affect_llm.cues.measurement import nothing
from affect_llm.cues.voice.head import VoiceScores
from affect_llm.cues.voice.measurements import WindowVoice, report
from affect_llm.cues.voice.prosody import Prosody, Value
from affect_llm.types import Clip, Modality, TimeSpan


class FakeVoice:
    """The same clip gets the same cues; nothing is listened to."""

    name = "fake-voice"
    modality = Modality.AUDIO
    provenance = "fake-voice@1#none"

    def extract(self, clip: Clip, windows: Sequence[TimeSpan]) -> Extraction:
        """Cues for every window of a clip that has sound."""
        if Modality.AUDIO not in clip.modalities:
            return nothing(Modality.AUDIO, ("voice",), "the clip has no sound")
        voices = {i: _voice(f"{clip.id}/{i}") for i in range(len(windows))}
        return Extraction(report(voices, windows, self.provenance, self.provenance))


def _voice(seed: str) -> WindowVoice:
    digest = hashlib.sha256(seed.encode()).digest()
    weights = {e: 1 + digest[i] for i, e in enumerate(EMOTIONS)}
    total = sum(weights.values())
    scores = VoiceScores(
        emotions={e: w / total for e, w in weights.items()},
        arousal=digest[8] / 127.5 - 1,
        valence=digest[9] / 127.5 - 1,
    )
    values = {
        "pitch.mean": Value(100.0 + digest[10], 0.9),
        "speech.rate": Value(2.0 + digest[11] / 64, 0.9),
    }
    return WindowVoice(Prosody(values, speech_s=2.0, base_hz=100.0), scores)
