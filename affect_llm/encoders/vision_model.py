"""CLIP, SigLIP and DINOv2 by transformers: one vector a picture.

Sources: Radford et al. 2021 (CLIP), Zhai et al. 2023 (SigLIP), Oquab et al. 2023 (DINOv2).
"""

from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.scene.clip_model import Prepare
from affect_llm.encoders.checkpoint import Opened, load_part, load_strictly, locate_checkpoint
from affect_llm.encoders.encoder import provenance_of
from affect_llm.encoders.vision_chunks import PictureEncoder, VisionOptions
from affect_llm.errors import MissingExtra
from affect_llm.store.pretrained import quietly


class VisionEncoder(PictureEncoder):
    """A vision model of transformers, without its text half where it has one.

    Raises:
        MissingExtra: transformers, or what the face view needs, is not installed.
        WeightsError: no checkpoint, another kind of model, or one that is not whole.
    """

    name: str
    model_type: str
    weights: str
    """The store's entry when no checkpoint is asked for."""
    size = "projection_dim"
    """Where the model's config says how many numbers a picture becomes."""
    options_type = VisionOptions

    def __init__(self, options: VisionOptions) -> None:
        folder = locate_checkpoint(options.checkpoint, self.weights, f"the encoder '{self.name}'")
        opened = load_strictly(folder, (self.model_type,))
        super().__init__(options, _image_processor(opened))
        self._model = opened.model.to(self._device)
        self.width = int(attrgetter(self.size)(opened.model.config))
        weights = opened.weights + self._finder_weights
        self.provenance = provenance_of(self.name, 1, weights, options)

    def _see(self, pixels: Any) -> Any:
        return self._model.get_image_features(pixel_values=pixels).pooler_output


class ClipVision(VisionEncoder):
    """CLIP's image features, projected beside its texts; what AffectGPT reads."""

    name, model_type, weights = "clip", "clip", "clip-vit-large-patch14"


class SiglipVision(VisionEncoder):
    """SigLIP's pooled image features."""

    name, model_type, weights = "siglip", "siglip", "siglip-base-patch16-224"
    size = "vision_config.hidden_size"


class Dinov2Vision(VisionEncoder):
    """DINOv2's class token after the last norm."""

    name, model_type, weights = "dinov2", "dinov2", "dinov2-base"
    size = "hidden_size"

    def _see(self, pixels: Any) -> Any:
        return self._model(pixel_values=pixels).pooler_output


def _image_processor(opened: Opened) -> Prepare:
    from transformers import AutoImageProcessor

    try:
        with quietly():
            processor = load_part(AutoImageProcessor, opened.folder)
    except ImportError as error:
        raise MissingExtra("preparing pictures for an encoder", "scene") from error

    def prepare(image: NDArray[np.uint8]) -> NDArray[np.float32]:
        pixels = processor(images=image, return_tensors="pt")["pixel_values"][0]
        return np.asarray(pixels.numpy(), dtype=np.float32)

    return prepare
