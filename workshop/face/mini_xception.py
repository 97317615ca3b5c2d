"""A teacher: Arriaga et al.'s mini_XCEPTION for FER2013, its forward pass in torch.

Source: Arriaga, Valdenegro-Toro, Plöger 2017, "Real-time Convolutional Neural Networks for
Emotion and Gender Classification", figure 4; weights under MIT, Keras HDF5 (0.66 on FER2013's
PublicTest part). It was fitted on FER2013's official Training part; PublicTest, which we train
and test on, was used by its authors to pick the checkpoint only.
"""

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from affect_llm.cues.face.layout import EXPRESSIONS
from affect_llm.errors import MissingExtra, WeightsError

_ORDER = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
_SIDE = 64
_EPSILON = 1e-3
_BLOCKS = (
    ((1, 4), (2, 5), (3, 3)),
    ((3, 7), (4, 8), (4, 6)),
    ((5, 10), (6, 11), (5, 9)),
    ((7, 13), (8, 14), (6, 12)),
)
"""Per block the (layer, batch norm) numbers: first and second separable, then the shortcut."""


class MiniXception:
    """Soft expression labels for grey face crops.

    Args:
        weights: `fer2013_mini_XCEPTION.102-0.66.hdf5`.
    """

    def __init__(self, weights: Path) -> None:
        self._tensors = _read(weights)

    @torch.no_grad()
    def probabilities(self, crops: Tensor) -> Tensor:
        """(N, 1, S, S) grey in 0..1 → (N, 7) in the order of `EXPRESSIONS`."""
        x = functional.interpolate(crops, size=(_SIDE, _SIDE), mode="bilinear")
        x = ((x - 0.5) * 2.0).contiguous(memory_format=torch.channels_last)
        for number in (1, 2):
            x = torch.relu(
                self._norm(functional.conv2d(x, self._kernel(f"conv2d_{number}")), number)
            )
        for first, second, side in _BLOCKS:
            x = self._block(x, first, second, side)
        bias = self._tensors["conv2d_7/bias"]
        x = functional.conv2d(x, self._kernel("conv2d_7"), bias, padding=1)
        order = [_ORDER.index(name) for name in EXPRESSIONS]
        return x.mean(dim=(2, 3)).softmax(dim=1)[:, order]

    def _block(
        self, x: Tensor, first: tuple[int, int], second: tuple[int, int], side: tuple[int, int]
    ) -> Tensor:
        # Keras pads strided "same" layers at the bottom and right only when the side is even.
        short = functional.conv2d(x, self._kernel(f"conv2d_{side[0]}"), stride=2)
        main = torch.relu(self._norm(self._separable(x, first[0]), first[1]))
        main = self._norm(self._separable(main, second[0]), second[1])
        even = 1 - x.shape[-1] % 2
        before = 1 - even
        main = functional.pad(main, (before, 1, before, 1), value=float("-inf"))
        return functional.max_pool2d(main, 3, 2) + self._norm(short, side[1])

    def _separable(self, x: Tensor, number: int) -> Tensor:
        depth = self._tensors[f"separable_conv2d_{number}/depthwise_kernel"].permute(2, 3, 0, 1)
        point = self._tensors[f"separable_conv2d_{number}/pointwise_kernel"].permute(3, 2, 0, 1)
        return functional.conv2d(functional.conv2d(x, depth, padding=1, groups=x.shape[1]), point)

    def _kernel(self, name: str) -> Tensor:
        return self._tensors[f"{name}/kernel"].permute(3, 2, 0, 1)

    def _norm(self, x: Tensor, number: int) -> Tensor:
        part = f"batch_normalization_{number}"
        names = ("moving_mean", "moving_variance", "gamma", "beta")
        mean, variance, gamma, beta = (self._tensors[f"{part}/{name}"] for name in names)
        return functional.batch_norm(x, mean, variance, gamma, beta, eps=_EPSILON)


def _read(path: Path) -> dict[str, Tensor]:
    try:
        import h5py
    except ImportError as error:
        raise MissingExtra("reading the Keras teacher", "train") from error
    tensors: dict[str, Tensor] = {}

    def keep(name: str, item: object) -> None:
        if isinstance(item, h5py.Dataset):
            layer, weight = name.split("/")[-2:]
            tensors[f"{layer}/{weight.split(':')[0]}"] = torch.tensor(item[()])

    try:
        with h5py.File(path, "r") as file:
            file["model_weights"].visititems(keep)
    except (OSError, KeyError) as error:
        raise WeightsError(f"The teacher {path} is not a Keras HDF5 model: {error}.") from error
    return tensors
