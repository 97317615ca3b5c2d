"""The voice extractors by name."""

from collections.abc import Callable

from affect_llm.cues.extractor import CueExtractor
from affect_llm.registry import Registry

VOICE: Registry[Callable[[], CueExtractor]] = Registry(
    "voice extractors",
    {
        "fake": "affect_llm.cues.voice.fake:FakeVoice",
        "light": "affect_llm.cues.voice.extractor:VoiceCues",
        "opensmile": "affect_llm.cues.voice.opensmile_prosody:OpenSmileVoice",
        "praat": "affect_llm.cues.voice.praat_prosody:PraatVoice",
    },
)
"""Each entry makes an extractor when called without arguments."""
