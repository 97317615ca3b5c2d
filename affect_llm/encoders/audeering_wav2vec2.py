"""audEERING's arousal, dominance and valence of speech, per window."""

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from affect_llm.cues.speech.device import torch_device
from affect_llm.encoders.checkpoint import CheckpointOptions, load_strictly, locate_checkpoint
from affect_llm.encoders.encoder import FeatureChunk, provenance_of
from affect_llm.encoders.sound import SoundEncoder, level_of, samples_of, stretches
from affect_llm.encoders.speech_model import normalises
from affect_llm.errors import MissingExtra, WeightsError
from affect_llm.types import AUDIO_RATE_HZ, Clip

DIMENSIONS = ("arousal", "dominance", "valence")
"""The columns in their order, each about 0 to 1."""


class AffectOptions(CheckpointOptions):
    """What the audEERING model can be told.

    Args:
        layer: "scores" for the three dimensions, "pooled" for the state the head reads.
        window_s: seconds that a row sees; a shorter clip is seen whole.
        hop_s: seconds from row to row.
    """

    layer: Literal["scores", "pooled"] = "scores"
    window_s: float = Field(default=4.0, ge=1.0, le=30.0)
    hop_s: float = Field(default=2.0, ge=0.25, le=30.0)


class AffectEncoder(SoundEncoder):
    """Rows of arousal, dominance and valence, each over one window of the sound.

    Raises:
        MissingExtra: transformers is not installed.
        WeightsError: no checkpoint, missing or unexpected tensors, or other outputs than
            arousal, dominance and valence in that order.
    """

    options_type = AffectOptions
    shortest_s = 0.25

    def __init__(self, options: AffectOptions) -> None:
        try:
            from affect_llm.encoders.affect_model import AffectModel
        except ImportError as error:
            raise MissingExtra("the encoder 'audeering-affect'", "llm") from error
        folder = locate_checkpoint(options.checkpoint, None, "the encoder 'audeering-affect'")
        opened = load_strictly(folder, ("wav2vec2",), AffectModel, heads=())
        id2label = opened.model.config.id2label
        outputs = tuple(id2label[index] for index in sorted(id2label))
        if outputs != DIMENSIONS:
            raise WeightsError(
                f"The checkpoint {folder} tells {', '.join(outputs)}; this encoder needs a model "
                f"that tells {', '.join(DIMENSIONS)}, in this order."
            )
        self._options = options
        self._normalises = normalises(opened)
        self._device = torch_device(options.device)
        self._model = opened.model.to(self._device)
        self.batch = options.batch
        hidden = int(opened.model.config.hidden_size)
        self.width = len(DIMENSIONS) if options.layer == "scores" else hidden
        self.provenance = provenance_of("audeering-affect", 1, opened.weights, options)

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        """The clip's sound in windows, each of which gives one row."""
        core = samples_of(self._options.hop_s)
        margin = max(0, samples_of(self._options.window_s) - core) // 2
        level = level_of(clip) if self._normalises else None
        for index, stretch in enumerate(stretches(clip, core, margin)):
            if len(stretch.samples) < samples_of(self.shortest_s):
                continue
            samples = stretch.samples if level is None else level.normalise(stretch.samples)
            ends = np.array([[stretch.first, stretch.first + len(samples)]])
            yield FeatureChunk(samples, np.array([index]), ends / AUDIO_RATE_HZ)

    def forward(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """(B, samples) to (B, 1, width)."""
        import torch

        with torch.inference_mode():
            pooled, scores = self._model(torch.from_numpy(inputs).to(self._device))
        rows = scores if self._options.layer == "scores" else pooled
        return np.asarray(rows[:, None].float().cpu().numpy())
