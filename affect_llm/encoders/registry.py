"""The table of encoders, and how one is opened by its name."""

from collections.abc import Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from affect_llm.encoders.encoder import Encoder, EncoderOptions
from affect_llm.errors import ConfigError
from affect_llm.registry import Registry
from affect_llm.validation import first_problem


class EncoderFamily(Protocol):
    """What the table holds: a class that makes an encoder from options of its own type."""

    options_type: type[EncoderOptions]

    def __call__(self, options: Any) -> Encoder:
        """Open the encoder with these options."""
        ...


ENCODERS: Registry[EncoderFamily] = Registry(
    "encoders",
    {
        "audeering-affect": "affect_llm.encoders.audeering_wav2vec2:AffectEncoder",
        "clip": "affect_llm.encoders.vision_model:ClipVision",
        "dinov2": "affect_llm.encoders.vision_model:Dinov2Vision",
        "face-light": "affect_llm.encoders.face_light:FaceLight",
        "fake-audio": "affect_llm.encoders.fake:FakeAudio",
        "fake-text": "affect_llm.encoders.fake:FakeText",
        "fake-visual": "affect_llm.encoders.fake:FakeVisual",
        "hubert": "affect_llm.encoders.speech_model:Hubert",
        "open-clip": "affect_llm.encoders.open_clip_vision:OpenClipVision",
        "siglip": "affect_llm.encoders.vision_model:SiglipVision",
        "text": "affect_llm.encoders.text:TextEncoder",
        "voice-light": "affect_llm.encoders.voice_light:VoiceLight",
        "wav2vec2": "affect_llm.encoders.speech_model:Wav2Vec2",
        "wavlm": "affect_llm.encoders.speech_model:WavLM",
        "whisper": "affect_llm.encoders.whisper:WhisperEncoder",
    },
)


def open_encoder(name: str, options: Mapping[str, object] | None = None) -> Encoder:
    """The encoder called `name`, ready to run.

    Args:
        name: one of `ENCODERS`.
        options: as its `options_type` declares them ("checkpoint", "layers", "rate_hz" …).

    Raises:
        UnknownComponent: no such name.
        ConfigError: an option that it has not, or a value out of range.
        MissingExtra: a package is not installed.
        WeightsError: a checkpoint that is not there or not whole.
    """
    family = ENCODERS.get(name)
    try:
        chosen = family.options_type.model_validate(dict(options or {}))
    except ValidationError as error:
        problem = first_problem(error)
        known = ", ".join(family.options_type.model_fields)
        raise ConfigError(
            f"The encoder '{name}' has no option '{problem.name}'. Known: {known}."
            if problem.unknown
            else f"The option '{problem.name}' of the encoder '{name}' is {problem.given!r}: "
            f"{problem.message}."
        ) from error
    return family(chosen)
