"""Which of a transformer's layers the features are taken from."""

from typing import Any

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


def mean_of(states: tuple[Any, ...], layers: tuple[int, ...]) -> Any:
    """Mean of the chosen hidden states, each (B, T, D)."""
    total = states[layers[0]]
    for layer in layers[1:]:
        total = total + states[layer]
    return total / len(layers)
