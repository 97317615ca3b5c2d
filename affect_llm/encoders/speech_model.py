"""HuBERT, wav2vec 2.0 and WavLM by transformers.

Sources: Hsu et al. 2021 (HuBERT), Baevski et al. 2020 (wav2vec 2.0), Chen et al. 2022 (WavLM).
The signal is normalised over its own clip, never over a batch, and windows are never padded, so
a clip's features depend on that clip alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from affect_llm.cues.speech.device import torch_device
from affect_llm.encoders.checkpoint import (
    CheckpointOptions,
    Opened,
    load_part,
    load_strictly,
    locate_checkpoint,
)
from affect_llm.encoders.encoder import FeatureChunk, provenance_of
from affect_llm.encoders.layers import LAST, check_layers, mean_states
from affect_llm.encoders.sound import SoundEncoder, level_of, samples_of, stretches
from affect_llm.errors import WeightsError
from affect_llm.types import AUDIO_RATE_HZ, Clip


@dataclass(frozen=True, slots=True)
class ConvGrid:
    """The samples that each output of a stack of convolutions without padding looks at.

    Output k sees the samples from `k * hop` up to `k * hop + field`.

    Args:
        hop: samples between outputs, the product of the strides.
        field: samples an output sees, 1 + sum of (kernel - 1) times the strides before it.
    """

    hop: int
    field: int

    @classmethod
    def of(cls, kernels: Sequence[int], strides: Sequence[int]) -> "ConvGrid":
        """The grid of convolutions applied one after the other."""
        hop, field = 1, 1
        for kernel, stride in zip(kernels, strides, strict=True):
            field += (kernel - 1) * hop
            hop *= stride
        return cls(hop, field)

    def count(self, samples: int) -> int:
        """How many outputs so many samples give."""
        return max(0, (samples - self.field) // self.hop + 1)

    def spans_s(self, first: int, count: int) -> NDArray[np.float64]:
        """(count, 2) seconds that `count` outputs see, samples counted from `first`."""
        starts = first + np.arange(count) * self.hop
        return np.stack([starts, starts + self.field], axis=1) / AUDIO_RATE_HZ


class SpeechOptions(CheckpointOptions):
    """What encoders can be told that read the waveform.

    Args:
        layers: hidden states whose mean is taken; 0 enters the first block, -1 leaves the last.
        window_s: longer clips are read in windows of this length …
        margin_s: … with so much context on both sides.
        pool: consecutive steps that are averaged into one.
    """

    layers: tuple[int, ...] = LAST
    window_s: float = Field(default=20.0, ge=1.0, le=120.0)
    margin_s: float = Field(default=1.0, ge=0.1, le=10.0)
    pool: int = Field(default=1, gt=0)


class SpeechEncoder(SoundEncoder):
    """One of the models that share wav2vec 2.0's design.

    Args:
        options: see `SpeechOptions`.

    Raises:
        MissingExtra: transformers is not installed.
        WeightsError: no checkpoint, another kind of model, or one that is not whole.
        ConfigError: a layer that the model has not.
    """

    name: str
    model_type: str
    options_type = SpeechOptions

    def __init__(self, options: SpeechOptions) -> None:
        folder = locate_checkpoint(options.checkpoint, None, f"the encoder '{self.name}'")
        opened = load_strictly(folder, (self.model_type,))
        config = opened.model.config
        check_layers(options.layers, config.num_hidden_layers)
        self._options = options
        self._normalises = normalises(opened)
        self._device = torch_device(options.device)
        self._model = opened.model.to(self._device)
        self.grid = ConvGrid.of(config.conv_kernel, config.conv_stride)
        self.shortest_s = self.grid.field / AUDIO_RATE_HZ
        self.batch, self.width = options.batch, int(config.hidden_size)
        self.provenance = provenance_of(self.name, 1, opened.weights, options)

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        """Windows of sound on the model's own grid of steps."""
        hop = self.grid.hop
        core = samples_of(self._options.window_s) // hop * hop
        margin = -(-samples_of(self._options.margin_s) // hop) * hop
        level = level_of(clip) if self._normalises else None
        for stretch in stretches(clip, core, margin):
            count = self.grid.count(len(stretch.samples))
            if not count:
                continue
            samples = stretch.samples if level is None else level.normalise(stretch.samples)
            starts = stretch.first + np.arange(count) * hop
            owner = np.where(stretch.owns(starts), starts // (hop * self._options.pool), -1)
            yield FeatureChunk(samples, owner, self.grid.spans_s(stretch.first, count))

    def forward(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """(B, samples) to (B, steps, width)."""
        return mean_states(self._model, self._options.layers, self._device, inputs)


class Hubert(SpeechEncoder):
    """The HuBERT models of Hsu et al."""

    name, model_type = "hubert", "hubert"


class Wav2Vec2(SpeechEncoder):
    """The wav2vec 2.0 models of Baevski et al."""

    name, model_type = "wav2vec2", "wav2vec2"


class WavLM(SpeechEncoder):
    """The WavLM models of Chen et al."""

    name, model_type = "wavlm", "wavlm"


def normalises(opened: Opened) -> bool:
    """Whether the model was trained on normalised signals, by its preprocessor's config.

    Raises:
        WeightsError: no preprocessor_config.json, or one for another sampling rate.
    """
    from transformers import AutoFeatureExtractor

    extractor = load_part(AutoFeatureExtractor, opened.folder)
    if extractor.sampling_rate != AUDIO_RATE_HZ:
        raise WeightsError(
            f"The checkpoint {opened.folder} wants sound at {extractor.sampling_rate} Hz, and "
            f"everything here is at {AUDIO_RATE_HZ} Hz. Choose another."
        )
    return bool(extractor.do_normalize)
