"""The picture half of an open_clip model."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.scene.clip_model import WEIGHTS, load_open_clip
from affect_llm.cues.speech.device import torch_device
from affect_llm.encoders.encoder import FeatureChunk, provenance_of
from affect_llm.encoders.vision_chunks import Viewer, VisionOptions
from affect_llm.store.cache import require
from affect_llm.store.pretrained import weights_hash
from affect_llm.types import Absence, Clip, Modality


class OpenClipOptions(VisionOptions):
    """Of open_clip models; `checkpoint` is a .safetensors file, None for the store's ViT-B-32.

    Args:
        architecture: as open_clip names it.
    """

    architecture: str = "ViT-B-32"


class OpenClipVision:
    """An open_clip model's image features, of unit length.

    Raises:
        MissingExtra: open_clip_torch, or what the face view needs, is not installed.
        ConfigError: open_clip knows no such architecture.
        WeightsError: no such file, or one with missing or unexpected tensors.
    """

    options_type = OpenClipOptions
    modality = Modality.VISUAL

    def __init__(self, options: OpenClipOptions) -> None:
        path = Path(options.checkpoint) if options.checkpoint else require(WEIGHTS)
        self._device = torch_device(options.device)
        self._model, prepare = load_open_clip(path, options.architecture, "the encoder 'open-clip'")
        self._model.to(self._device)
        self._viewer = Viewer(options, prepare)
        self.batch, self.width = options.batch, int(self._model.visual.output_dim)
        weights = f"{options.architecture}-{weights_hash([path])}{self._viewer.provenance}"
        self.provenance = provenance_of("open-clip", 1, weights, options)

    def key(self, clip: Clip) -> str:
        """The clip's bytes."""
        return clip.id

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        """One picture each."""
        return self._viewer.chunks(clip)

    def forward(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """(B, 3, H, W) to (B, 1, width)."""
        import torch

        with torch.inference_mode():
            pixels = torch.from_numpy(inputs).to(self._device)
            found = self._model.encode_image(pixels, normalize=True)
        return np.asarray(found[:, None].float().cpu().numpy())

    def nothing(self, clip: Clip) -> Absence:
        """No picture, or no face."""
        return self._viewer.nothing(clip)
