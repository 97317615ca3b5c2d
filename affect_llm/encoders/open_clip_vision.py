"""The picture half of an open_clip model."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.speech.device import torch_device
from affect_llm.encoders.encoder import FeatureChunk, provenance_of
from affect_llm.encoders.vision_chunks import Viewer, VisionOptions
from affect_llm.errors import ConfigError, MissingExtra, WeightsError
from affect_llm.store.cache import require
from affect_llm.store.pretrained import weights_hash
from affect_llm.types import Absence, Clip, Modality

WEIGHTS = "clip-vit-b-32"


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
        self._model, prepare = _open(path, options.architecture)
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


def _open(path: Path, architecture: str) -> tuple[Any, Any]:
    try:
        import open_clip
        from open_clip.model import CLIP
        from safetensors import SafetensorError
        from safetensors.torch import load_file
    except ImportError as error:
        raise MissingExtra("the encoder 'open-clip'", "scene") from error
    config = open_clip.get_model_config(architecture)
    if config is None or "hf_model_name" in config.get("text_cfg", {}):
        raise ConfigError(
            f"open_clip has no plain CLIP called {architecture!r}; 'ViT-B-32' and 'ViT-L-14' are "
            "two that it has."
        )
    model = CLIP(**config)
    try:
        model.load_state_dict(load_file(path), strict=True)
    except (OSError, RuntimeError, SafetensorError) as error:
        first = " ".join(str(error).split())[:160]
        raise WeightsError(
            f"{path} is not an open_clip {architecture} in safetensors ({first}). Get one with: "
            f"affect-llm models pull {WEIGHTS}."
        ) from error
    return model.eval(), _preparation(config["vision_cfg"]["image_size"])


def _preparation(side: int) -> Any:
    import open_clip
    from PIL import Image

    transform = open_clip.image_transform(
        side,
        is_train=False,
        mean=open_clip.OPENAI_DATASET_MEAN,
        std=open_clip.OPENAI_DATASET_STD,
    )

    def prepare(image: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(transform(Image.fromarray(image)).numpy(), dtype=np.float32)

    return prepare
