"""Zero-shot comparison of pictures with texts by an open_clip model.

Source: Radford et al. 2021, "Learning Transferable Visual Models From Natural Language
Supervision", section 3.1.4 (templates averaged in embedding space, the learned logit scale kept).
"""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import Field

from affect_llm.errors import ConfigError, MissingExtra, WeightsError
from affect_llm.types import Model

if TYPE_CHECKING:
    from torch import Tensor

ARCHITECTURE = "ViT-B-32"
WEIGHTS = "clip-vit-b-32"
Prepare = Callable[[NDArray[np.uint8]], NDArray[Any]]
"""A function from a (H, W, 3) uint8 RGB picture to a model's input."""


class Descriptions(Model):
    """Scenes and the sentences they are put into.

    Args:
        version: raised with every change.
        templates: each with one `{}` for the label.
        labels: noun phrases.
    """

    version: int = Field(gt=0)
    templates: tuple[str, ...] = Field(min_length=1)
    labels: tuple[str, ...] = Field(min_length=2)

    def texts(self, label: str) -> list[str]:
        """One sentence per template, with `label` put into it."""
        return [template.format(label) for template in self.templates]


@cache
def descriptions() -> Descriptions:
    """The list of scenes that comes with the package."""
    text = files("affect_llm.cues.scene").joinpath("labels.yaml").read_text("utf-8")
    return Descriptions.model_validate(yaml.safe_load(text))


class ClipModel:
    """A CLIP with the texts of all descriptions embedded once.

    Args:
        weights: a safetensors file with exactly the tensors of `architecture`.
        wanted: the scenes to compare with.
        architecture: as open_clip names it.

    Raises:
        MissingExtra: open_clip_torch is not installed.
        WeightsError: a missing or unexpected tensor, or not a safetensors file.
    """

    def __init__(
        self, weights: Path, wanted: Descriptions, *, architecture: str = ARCHITECTURE
    ) -> None:
        self._model, self._prepare = load_open_clip(weights, architecture, "scene labels")
        import open_clip
        import torch

        tokenize, embed = open_clip.get_tokenizer(architecture), self._model.encode_text
        with torch.inference_mode():
            # Each label is the mean of its templates, and of unit length again.
            rows = [
                embed(tokenize(wanted.texts(label)), normalize=True).mean(dim=0)
                for label in wanted.labels
            ]
            self._texts: Tensor = torch.nn.functional.normalize(torch.stack(rows), dim=-1)

    def probabilities(self, image: NDArray[np.uint8]) -> NDArray[np.float64]:
        """How well each description fits, compared with all the others.

        Args:
            image: (H, W, 3) uint8 RGB.

        Returns:
            (labels,) summing to 1: the softmax of cosine similarities times the learned scale.
        """
        import torch

        with torch.inference_mode():
            pixels = torch.from_numpy(self._prepare(image))[None]
            seen = self._model.encode_image(pixels, normalize=True)
            scores = self._model.logit_scale.exp() * seen @ self._texts.T
            shares = scores[0].double().softmax(dim=-1).numpy()
        return np.asarray(shares, dtype=np.float64)


def load_open_clip(weights: Path, architecture: str, feature: str) -> tuple[Any, Prepare]:
    """An open_clip model in eval mode, and what makes its input of a (H, W, 3) uint8 picture.

    Args:
        weights: a safetensors file with exactly the tensors of `architecture`.
        architecture: as open_clip names it.
        feature: what it is for, as a noun phrase for the message.

    Raises:
        MissingExtra: open_clip_torch is not installed.
        ConfigError: open_clip knows no such architecture.
        WeightsError: a missing or unexpected tensor, or not a safetensors file.
    """
    try:
        import open_clip
        from open_clip.model import CLIP
        from PIL import Image
        from safetensors import SafetensorError
        from safetensors.torch import load_file
    except ImportError as error:
        raise MissingExtra(feature, "scene") from error
    config = open_clip.get_model_config(architecture)
    if config is None or "hf_model_name" in config.get("text_cfg", {}):
        raise ConfigError(
            f"open_clip has no plain CLIP called {architecture!r}; 'ViT-B-32' and 'ViT-L-14' are "
            "two that it has."
        )
    model = CLIP(**config)
    try:
        model.load_state_dict(load_file(weights), strict=True)
    except (OSError, RuntimeError, SafetensorError) as error:
        first = " ".join(str(error).split())[:160]
        raise WeightsError(
            f"{weights} is not an open_clip {architecture} in safetensors ({first}). Get one with: "
            f"affect-llm models pull {WEIGHTS}."
        ) from error
    transform = open_clip.image_transform(
        config["vision_cfg"]["image_size"],
        is_train=False,
        mean=open_clip.OPENAI_DATASET_MEAN,
        std=open_clip.OPENAI_DATASET_STD,
    )

    def prepare(image: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(transform(Image.fromarray(image)).numpy(), dtype=np.float32)

    return model.eval(), prepare
