"""Settings that the command line, the web page, training and the Python interface share.

Precedence: defaults < file (`affect-llm.toml` or `--config`) < environment (`AFFECT_LLM_…`)
< flags. Unknown keys are refused.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from affect_llm.errors import ConfigError
from affect_llm.types import Modality, Model, Road
from affect_llm.validation import first_problem


class MediaLimits(Model):
    """How much a file may cost; what is over is refused with a sentence, never cut silently."""

    max_bytes: int = Field(default=4 * 1024**3, gt=0)
    max_duration_s: float = Field(default=4 * 3600.0, gt=0)
    max_pixels: int = Field(default=50_000_000, gt=0)
    """Pixels of one picture; a frame of 8K video has 33 million."""
    max_frames: int = Field(default=500_000, gt=0)
    max_text_chars: int = Field(default=200_000, gt=0)
    timeout_s: float = Field(default=60.0, gt=0)
    """Longest silence of the decoding process before it is killed."""
    max_memory_bytes: int = Field(default=4 * 1024**3, gt=0)
    cpu_s: float = Field(default=60.0, gt=0)
    """Processor seconds that reading any file may take: pictures of 49 million pixels can be
    packed by the thousand into a file of half a megabyte."""
    cpu_per_media_s: float = Field(default=0.5, ge=0)
    """Processor seconds more for every second that was really decoded."""


class ServerSettings(Model):
    """How a reasoner that is served over HTTP is reached.

    Args:
        url: up to and with "/v1"; None where the reasoner knows its own address.
        api_key_env: environment variable that holds the key; its value is never stored or logged.
        timeout_s: longest wait for one answer.
        retries: how often a request that failed in passing is sent again.
        requests_per_minute: most requests sent; None for no limit.
        concurrency: most requests under way at once.
    """

    url: str | None = None
    api_key_env: str = "OPENAI_API_KEY"
    timeout_s: float = Field(default=120.0, gt=0)
    retries: int = Field(default=4, ge=0)
    requests_per_minute: float | None = Field(default=None, gt=0)
    concurrency: int = Field(default=8, gt=0)


class MediaBudget(Model):
    """How much of a clip a model that looks and listens itself is handed per answer.

    Args:
        frames: most pictures, spread evenly over what is answered.
        frames_per_s: most pictures of a second.
        side: longer side of a picture in pixels, at most.
        audio_s: most seconds of sound, from the beginning of what is answered.
    """

    frames: int = Field(default=16, gt=0, le=768)
    frames_per_s: float = Field(default=2.0, gt=0, le=30)
    side: int = Field(default=480, ge=28, le=1280)
    audio_s: float = Field(default=30.0, gt=0, le=300)


AskedRoad = Literal["auto", Road]
"""The road that a run is asked to take; "auto" is what the adapter was trained for, and "text"
without one."""


class Settings(BaseSettings):
    """The settings of one run of the pipeline."""

    model_config = SettingsConfigDict(
        env_prefix="AFFECT_LLM_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    reasoner: str = "embedded"
    model: str | None = None
    """A checkpoint's folder, hub id, or name on a server, for reasoners that take one."""
    adapter: str | None = None
    """The folder of a trained adapter: LoRA, projector or both."""
    road: AskedRoad = "auto"
    server: ServerSettings = ServerSettings()
    omni: MediaBudget = MediaBudget()
    """The share of a clip's pictures and sound that the reasoner 'omni' is handed."""
    labels: str = "ekman7"
    modalities: tuple[Modality, ...] = (Modality.TEXT, Modality.AUDIO, Modality.VISUAL)
    language: str | None = None
    face: str = "auto"
    """The face extractor: auto, light, mediapipe or off."""
    voice: str = "auto"
    speech: str = "auto"
    scene: str = "auto"
    cues: dict[str, str] = Field(default_factory=dict)
    """The extractors of further cue families, by family; "auto" where nothing is said."""
    face_rate_hz: float = Field(default=4.0, gt=0, le=60)
    window_s: float = Field(default=20.0, ge=0.1)
    """Longer clips are answered per window of this length, then as a whole. Shorter ones than the
    least hold no word and no movement, and their number alone would stop a run."""
    abstain_below: float = Field(default=0.25, ge=0, le=1)
    max_new_tokens: int = Field(default=400, gt=0)
    batch_size: int = Field(default=4, gt=0)
    """Prompts answered at once; more are hardly faster on a CPU and hold more memory."""
    device: str = "auto"
    dtype: str = "auto"
    quantize: str | None = None
    """How the model's weights are packed: "4bit", "8bit", or None for as they are."""
    limits: MediaLimits = MediaLimits()

    def __hash__(self) -> int:
        """Settings are equal by their values, and `cues`, a dictionary, has no hash of its own."""
        return hash(self.model_dump_json())


def load_settings(file: Path | None = None, **flags: Any) -> Settings:
    """Settings from defaults, `file`, the environment and `flags`; a flag of None was not given.

    Raises:
        ConfigError: an unknown key, a value out of range, or a file that is not TOML.
    """
    given = {key: value for key, value in flags.items() if value is not None}
    # pydantic would put the environment below what it is called with, and a file is below both.
    below = merged(_read_toml(file), EnvSettingsSource(Settings)())
    try:
        return Settings(**merged(below, given))
    except ValidationError as error:
        problem = first_problem(error)
        if problem.unknown:
            known = ", ".join(Settings.model_fields)
            raise ConfigError(f"There is no setting '{problem.name}'. Known: {known}.") from error
        raise ConfigError(
            f"The setting '{problem.name}' is {problem.given!r}: {problem.message}."
        ) from error


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of `above` laid over those of `below`, also inside tables such as `server`."""
    settings = dict(below)
    for key, value in above.items():
        old = settings.get(key)
        tables = isinstance(old, Mapping) and isinstance(value, Mapping)
        settings[key] = merged(old or {}, value) if tables else value
    return settings


def _read_toml(file: Path | None) -> dict[str, Any]:
    path = file or Path("affect-llm.toml")
    if file is None and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"The settings file {path} cannot be read: {error}.") from error
