"""Which samples a stack of convolutions without padding looks at for each of its outputs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from affect_llm.types import AUDIO_RATE_HZ


@dataclass(frozen=True, slots=True)
class ConvGrid:
    """Output k sees the samples from `k * hop` up to `k * hop + field`.

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
