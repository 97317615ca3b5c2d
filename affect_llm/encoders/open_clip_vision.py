"""The picture half of an open_clip model."""

from pathlib import Path
from typing import Any

from affect_llm.cues.scene.clip_model import WEIGHTS, load_open_clip
from affect_llm.encoders.encoder import provenance_of
from affect_llm.encoders.vision_chunks import PictureEncoder, VisionOptions
from affect_llm.store.cache import require
from affect_llm.store.pretrained import weights_hash


class OpenClipOptions(VisionOptions):
    """What open_clip models can be told.

    Args:
        checkpoint: a .safetensors file, None for the store's ViT-B-32.
        architecture: as open_clip names it.
    """

    architecture: str = "ViT-B-32"


class OpenClipVision(PictureEncoder):
    """An open_clip model's image features, of unit length.

    Raises:
        MissingExtra: open_clip_torch, or what the face view needs, is not installed.
        ConfigError: open_clip knows no such architecture.
        WeightsError: no such file, or one with missing or unexpected tensors.
    """

    options_type = OpenClipOptions

    def __init__(self, options: OpenClipOptions) -> None:
        path = Path(options.checkpoint) if options.checkpoint else require(WEIGHTS)
        model, prepare = load_open_clip(path, options.architecture, "the encoder 'open-clip'")
        super().__init__(options, prepare)
        self._model = model.to(self._device)
        self.width = int(model.visual.output_dim)
        weights = f"{options.architecture}-{weights_hash([path])}{self._finder_weights}"
        self.provenance = provenance_of("open-clip", 1, weights, options)

    def _see(self, pixels: Any) -> Any:
        return self._model.encode_image(pixels, normalize=True)
