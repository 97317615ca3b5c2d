"""Speech recognisers by name; each is made with (weights, device)."""

from collections.abc import Callable

from affect_llm.cues.speech.transcriber import Transcriber
from affect_llm.registry import Registry

SPEECH: Registry[Callable[[str | None, str], Transcriber]] = Registry(
    "speech recognisers",
    {
        "openai-whisper": "affect_llm.cues.speech.openai_whisper:OpenAIWhisper",
        "transformers": "affect_llm.cues.speech.transformers_whisper:TransformersWhisper",
        "faster-whisper": "affect_llm.cues.speech.faster_whisper:FasterWhisper",
        "fake": "affect_llm.cues.speech.fake:FakeTranscriber",
    },
)
