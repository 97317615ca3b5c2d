"""Zero-shot comparison of pictures with texts by an open_clip model.

Source: Radford et al. 2021, "Learning Transferable Visual Models From Natural Language
Supervision", section 3.1.4 (templates averaged in embedding space, the learned logit scale kept).
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.scene.descriptions import Descriptions
from affect_llm.errors import MissingExtra, WeightsError

if TYPE_CHECKING:
    from torch import Tensor

ARCHITECTURE = "ViT-B-32"


class ClipModel:
    """A CLIP with the texts of all descriptions embedded once.

    Args:
        weights: a safetensors file with exactly the tensors of `architecture`.
        wanted: the scenes to compare with.
        architecture: as open_clip names it.
        device: as PyTorch names it.

    Raises:
        MissingExtra: open_clip_torch is not installed.
        WeightsError: a missing or unexpected tensor, or not a safetensors file.
    """

    def __init__(
        self,
        weights: Path,
        wanted: Descriptions,
        *,
        architecture: str = ARCHITECTURE,
        device: str = "cpu",
    ) -> None:
        try:
            import open_clip
            from open_clip.model import CLIP
        except ImportError as error:
            raise MissingExtra("scene labels", "scene") from error
        config = open_clip.get_model_config(architecture)
        self._device = device
        self._model = CLIP(**config)
        self._load(weights, architecture)
        self._model.to(device).eval()
        self._prepare = open_clip.image_transform(
            config["vision_cfg"]["image_size"],
            is_train=False,
            mean=open_clip.OPENAI_DATASET_MEAN,
            std=open_clip.OPENAI_DATASET_STD,
        )
        self._tokenize = open_clip.get_tokenizer(architecture)
        self._texts = self._embed_texts(wanted)

    def probabilities(self, image: NDArray[np.uint8]) -> NDArray[np.float64]:
        """How well each description fits, compared with all the others.

        Args:
            image: (H, W, 3) uint8 RGB.

        Returns:
            (labels,) summing to 1: the softmax of cosine similarities times the learned scale.
        """
        import torch
        from PIL import Image

        with torch.inference_mode():
            pixels = self._prepare(Image.fromarray(image))[None].to(self._device)
            seen = self._model.encode_image(pixels, normalize=True)
            scores = self._model.logit_scale.exp() * seen @ self._texts.T
            shares = scores[0].double().softmax(dim=-1).cpu().numpy()
        return np.asarray(shares, dtype=np.float64)

    def _load(self, weights: Path, architecture: str) -> None:
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            self._model.load_state_dict(load_file(weights), strict=True)
        except (OSError, RuntimeError, SafetensorError) as error:
            first = " ".join(str(error).split())[:160]
            raise WeightsError(
                f"{weights} is not an open_clip {architecture} ({first}). Get one with: "
                "affect-llm models pull clip-vit-b-32."
            ) from error

    def _embed_texts(self, wanted: Descriptions) -> "Tensor":
        """(labels, D) unit vectors: the mean of each label's templates."""
        import torch

        with torch.inference_mode():
            rows = [
                self._model.encode_text(
                    self._tokenize(wanted.texts(label)).to(self._device), normalize=True
                ).mean(dim=0)
                for label in wanted.labels
            ]
            return torch.nn.functional.normalize(torch.stack(rows), dim=-1)
