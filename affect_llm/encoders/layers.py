"""Which of a transformer's layers the features are taken from."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import ConfigError

LAST = (-1,)


def check_layers(layers: tuple[int, ...], depth: int) -> None:
    """Refuse hidden states that the model does not have.

    Args:
        layers: 0 is what enters the first block, `depth` (or -1) what leaves the last one.
        depth: number of blocks.

    Raises:
        ConfigError: none, or one out of range.
    """
    wrong = [layer for layer in layers if not -depth - 1 <= layer <= depth]
    if not layers or wrong:
        raise ConfigError(
            f"layers is {list(layers)}; this model has hidden states 0 to {depth}, counted from "
            f"the end -1 to {-depth - 1}. Name at least one."
        )


def mean_states(
    model: Callable[..., Any], layers: tuple[int, ...], device: str, inputs: NDArray[Any]
) -> NDArray[np.float32]:
    """(B, T, D): the mean of the chosen hidden states of `model` for `inputs`, (B, …)."""
    import torch

    with torch.inference_mode():
        given = torch.from_numpy(inputs).to(device)
        states = model(given, output_hidden_states=True).hidden_states
        total = states[layers[0]]
        for layer in layers[1:]:
            total = total + states[layer]
        return np.asarray((total / len(layers)).float().cpu().numpy())
