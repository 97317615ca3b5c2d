"""Voice cues: prosody, vocal arousal and valence, and the emotions that the voice head scores."""

from affect_llm.cues.family import CueFamily
from affect_llm.cues.kinds import (
    EMOTIONS,
    MINUS_1_TO_1,
    OTHER,
    PROBABILITY,
    SHARE_OF_TIME,
    CueKind,
    LineGroup,
    Unit,
)
from affect_llm.cues.scales import BIPOLAR, DEVIATION, LIKELIHOOD
from affect_llm.registry import Registry
from affect_llm.types import Modality

_VOICE = Modality.AUDIO
_DECIBEL = Unit("dB")
_PROSODY = {
    "pitch.mean": ("pitch", Unit("Hz", 0)),
    "pitch.range": ("pitch range", Unit("st")),
    "pitch.slope": ("pitch slope", Unit("st/s")),
    "loudness": ("loudness", _DECIBEL),
    "loudness.range": ("loudness range", _DECIBEL),
    "speech.rate": ("speaking rate", Unit("syll/s")),
    "pause.share": ("pausing", SHARE_OF_TIME),
    "jitter": ("jitter", Unit("%")),
    "shimmer": ("shimmer", _DECIBEL),
    "hnr": ("harmonics-to-noise ratio", _DECIBEL),
    "spectral.balance": ("spectral balance", _DECIBEL),
}
# The embedded model was trained on prompts of so many lines.
_MEASURES, _SCORES = LineGroup("prosody", 6), LineGroup("emotions in the voice", 4)
# The tendencies that reviews agree on (Banse, Scherer 1996; Juslin, Laukka 2003, table 7).
_TENDENCIES = {
    "happiness": {
        "pitch.mean": 0.5, "pitch.range": 0.5, "loudness": 0.4, "speech.rate": 0.4,
        "pause.share": -0.3, "hnr": 0.3, "voice.arousal": 0.6, "voice.valence": 1.4,
    },
    "sadness": {
        "pitch.mean": -0.6, "pitch.range": -0.7, "loudness": -0.8, "speech.rate": -0.7,
        "pause.share": 0.7, "spectral.balance": -0.4, "voice.arousal": -0.9,
        "voice.valence": -1.1,
    },
    "anger": {
        "pitch.mean": 0.5, "pitch.range": 0.4, "loudness": 1.0, "speech.rate": 0.5,
        "jitter": 0.3, "spectral.balance": 0.6, "voice.arousal": 1.0, "voice.valence": -1.1,
    },
    "fear": {
        "pitch.mean": 0.9, "pitch.range": -0.3, "speech.rate": 0.6, "jitter": 0.4,
        "voice.arousal": 0.8, "voice.valence": -1.0,
    },
    "surprise": {"pitch.mean": 0.8, "pitch.range": 0.8, "loudness": 0.4, "voice.arousal": 0.8},
    "disgust": {"pitch.mean": -0.4, "speech.rate": -0.4, "voice.valence": -1.1},
    "calm": {
        "pitch.mean": -0.5, "pitch.range": -0.4, "loudness": -0.7, "speech.rate": -0.5,
        "jitter": -0.3, "voice.arousal": -1.2, "voice.valence": 0.5,
    },
    "boredom": {
        "pitch.mean": -0.5, "pitch.range": -1.0, "loudness": -0.5, "speech.rate": -0.7,
        "pause.share": 0.5, "voice.arousal": -1.1,
    },
    "positive": {"voice.valence": 1.4},
    "negative": {"voice.valence": -1.4},
}  # fmt: skip


VOICE: CueFamily = CueFamily(
    name="voice",
    modality=_VOICE,
    letter="V",
    called=("voice",),
    kinds=(
        *(
            CueKind(
                name, _VOICE, "prosody", phrase, unit, DEVIATION, relative=True, group=_MEASURES
            )
            for name, (phrase, unit) in _PROSODY.items()
        ),
        *(
            CueKind(
                f"voice.{dimension}",
                _VOICE,
                "voice",
                f"vocal {dimension}",
                MINUS_1_TO_1,
                BIPOLAR,
                steady=True,
                group=OTHER,
            )
            for dimension in ("arousal", "valence")
        ),
        *(
            CueKind(
                f"voice.{emotion}",
                _VOICE,
                "voice",
                f"{emotion} in the voice",
                PROBABILITY,
                LIKELIHOOD,
                score=emotion,
                group=_SCORES,
            )
            for emotion in EMOTIONS
        ),
    ),
    extractors=Registry(
        "voice extractors",
        {
            "fake": "affect_llm.cues.voice.fake:FakeVoice",
            "light": "affect_llm.cues.voice.extractor:VoiceCues",
            "opensmile": "affect_llm.cues.voice.alternative:OpenSmileVoice",
            "praat": "affect_llm.cues.voice.alternative:PraatVoice",
        },
    ),
    default=lambda _: "light",
    make=lambda name, _: VOICE.extractors.get(name)(),
    associations=_TENDENCIES,
)
"""The family of the voice; its extractors are called without arguments."""
