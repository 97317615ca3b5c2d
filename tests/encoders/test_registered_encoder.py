"""An encoder of another package, registered by an entry point alone."""

from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_clips import sound_clip, spoken_clip, voice_like
from numpy.typing import NDArray

from affect_llm import registry
from affect_llm.adapters.manifest import TrackEncoder
from affect_llm.adapters.tracks import TrackReader, open_encoders
from affect_llm.encoders.cache import FeatureCache
from affect_llm.encoders.encoder import EncoderOptions, FeatureChunk, provenance_of
from affect_llm.encoders.registry import ENCODERS, open_encoder
from affect_llm.encoders.runner import encode
from affect_llm.encoders.sound import SoundEncoder, samples_of, stretches
from affect_llm.errors import ConfigError
from affect_llm.training.sft.settings import TrackSettings
from affect_llm.types import AUDIO_RATE_HZ, Clip


class LoudnessOptions(EncoderOptions):
    """How long a step is."""

    step_s: float = 0.5


class Loudness(SoundEncoder):
    """The root mean square of every step, as another package might write it."""

    options_type = LoudnessOptions
    width = 1

    def __init__(self, options: LoudnessOptions) -> None:
        self.batch, self._step = options.batch, samples_of(options.step_s)
        self.provenance = provenance_of("loudness", 1, "none", options)

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        for index, stretch in enumerate(stretches(clip, self._step, 0)):
            if len(stretch.samples) == self._step:
                spans = np.array([[stretch.first, stretch.first + self._step]]) / AUDIO_RATE_HZ
                yield FeatureChunk(stretch.samples, np.array([index]), spans)

    def forward(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        level = np.sqrt(np.square(inputs).mean(axis=1))
        return np.asarray(level[:, None, None], dtype=np.float32)


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package that names the class above in the group of encoders."""
    point = EntryPoint("loudness", f"{__name__}:Loudness", "affect_llm.encoders")
    monkeypatch.setattr(
        registry, "_registered", lambda group, path: (point,) if group == point.group else ()
    )


def test_it_is_listed_opened_and_checked_like_our_own() -> None:
    assert "loudness" in ENCODERS.names()
    with pytest.raises(ConfigError, match=r"no option 'hop'\. Known: device, batch, step_s"):
        open_encoder("loudness", {"hop": 1})
    features = encode(open_encoder("loudness", {"step_s": 0.25}), sound_clip(voice_like(1.0)))
    assert features.array.shape == (4, 1)
    missing = encode(open_encoder("loudness"), spoken_clip(("no sound", 0, 1)))
    assert missing.absent is not None


def test_the_cache_keeps_its_features(tmp_path: Path) -> None:
    clip, cache = sound_clip(voice_like(1.0)), FeatureCache(tmp_path)
    features = encode(open_encoder("loudness"), clip, cache)
    kept = cache.get(clip.id, features.source)
    assert kept is not None
    assert sha256(kept.array.tobytes()).digest() == sha256(features.array.tobytes()).digest()


def test_recipes_of_training_and_manifests_of_adapters_take_it() -> None:
    track = TrackSettings(name="voice", encoder="loudness", options={"step_s": 0.25})
    encoder = open_encoder(track.encoder, track.options)
    entry = TrackEncoder(
        track=track.name,
        encoder=track.encoder,
        options=track.options,
        passport=encoder.provenance,
    )
    again = TrackEncoder.model_validate_json(entry.model_dump_json())
    reader = TrackReader(open_encoders([again]))
    assert reader.features(sound_clip(voice_like(1.0)))["voice"].width == 1
