"""The encoder half of Whisper by transformers (Radford et al. 2022)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from affect_llm.cues.speech.device import torch_device
from affect_llm.encoders.checkpoint import (
    CheckpointOptions,
    load_part,
    load_strictly,
    locate_checkpoint,
)
from affect_llm.encoders.encoder import FeatureChunk, provenance_of
from affect_llm.encoders.layers import LAST, check_layers, mean_states
from affect_llm.encoders.sound import SoundEncoder, samples_of, stretches
from affect_llm.errors import WeightsError
from affect_llm.types import AUDIO_RATE_HZ, Clip

_MARGIN_S = 1.0
"""Context on both sides of a window in a clip longer than one."""
_CONV_REACH = 2
"""Mel frames that two convolutions of three see on each side of their centre, strides 1 and 2."""


class WhisperOptions(CheckpointOptions):
    """What the Whisper encoder can be told.

    Args:
        layers: hidden states whose mean is taken.
        pool: consecutive steps of 20 ms that are averaged into one.
        window_s: seconds that the model sees at once; None for the 30 that it was trained on.
            Fewer cost less (a sixth of the window takes less than a sixth of the time) and give
            other features: positions beyond the window are left out.
    """

    layers: tuple[int, ...] = LAST
    pool: int = Field(default=1, gt=0)
    window_s: float | None = Field(default=None, ge=4.0, le=30.0)


class WhisperEncoder(SoundEncoder):
    """Whisper's view of a window at a time; only steps whose centre lies in the sound are kept.

    A shorter clip is filled up with silence to the window, 30 s unless a shorter one is asked
    for, because that is what the model was trained on and all its positions can take; longer
    ones are read in windows with a second of context.

    Raises:
        MissingExtra: transformers is not installed.
        WeightsError: no checkpoint, another kind of model, or one that is not whole.
    """

    options_type = WhisperOptions

    def __init__(self, options: WhisperOptions) -> None:
        folder = locate_checkpoint(options.checkpoint, None, "the encoder 'whisper'")
        opened = load_strictly(folder, ("whisper",))
        from transformers import WhisperFeatureExtractor

        config = opened.model.config
        check_layers(options.layers, config.encoder_layers)
        self._options = options
        self._extract = load_part(WhisperFeatureExtractor, folder)
        rate_hz = self._extract.sampling_rate
        if rate_hz != AUDIO_RATE_HZ:
            raise WeightsError(f"{folder} wants sound at {rate_hz} Hz, not 16000 Hz.")
        self._hop = 2 * int(self._extract.hop_length)
        self._reach = _CONV_REACH * int(self._extract.hop_length) + int(self._extract.n_fft) // 2
        self._device = torch_device(options.device)
        self._model = opened.model.get_encoder()
        if options.window_s is not None:
            _shorten(self._model, self._extract, options.window_s)
        self._model = self._model.to(self._device)
        self.batch, self.width = options.batch, int(config.d_model)
        self.provenance = provenance_of("whisper", 1, opened.weights, options)

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        """The clip's sound in windows, as log-mel spectrograms."""
        margin = samples_of(_MARGIN_S) // self._hop * self._hop
        core = int(self._extract.n_samples) // self._hop * self._hop - 2 * margin
        for stretch in stretches(clip, core, margin):
            if not stretch.begin and len(stretch.samples) < samples_of(self.shortest_s):
                continue
            mel = self._extract(
                stretch.samples,
                sampling_rate=AUDIO_RATE_HZ,
                return_tensors="np",
                padding="max_length",
            )["input_features"][0]
            centres = stretch.first + np.arange(mel.shape[1] // 2) * self._hop
            end = stretch.first + len(stretch.samples)
            owned = stretch.owns(centres) & (centres < end)
            owner = np.where(owned, centres // (self._hop * self._options.pool), -1)
            spans = np.stack([centres - self._reach, centres + self._reach], axis=1)
            spans_s = spans.clip(0, end) / AUDIO_RATE_HZ
            yield FeatureChunk(mel.astype(np.float32), owner, spans_s)

    def forward(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """(B, mels, frames) to (B, steps, width)."""
        return mean_states(self._model, self._options.layers, self._device, inputs)


def _shorten(encoder: Any, extract: Any, window_s: float) -> None:
    """Let an encoder and its feature extractor see `window_s` seconds in place of 30."""
    from torch import nn

    step = 2 * int(extract.hop_length)
    steps = int(window_s * AUDIO_RATE_HZ) // step
    positions = encoder.embed_positions.weight.detach()[:steps].clone()
    encoder.embed_positions = nn.Embedding(steps, positions.shape[1], _weight=positions)
    encoder.config.max_source_positions = steps
    extract.n_samples = steps * step
