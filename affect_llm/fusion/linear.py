"""The kind "linear": one affine map of each row, or of the mean of a stretch of rows."""

from torch import nn

from affect_llm.fusion.config import ShippedOptions, TrackConfig
from affect_llm.fusion.projector import RowProjector


class LinearOptions(ShippedOptions):
    """The map has nothing to set; a track may give one token per row."""

    per_row = True


class LinearProjector(RowProjector):
    """One affine map."""

    options_type = LinearOptions

    def __init__(self, track: TrackConfig, llm_width: int, options: LinearOptions) -> None:
        super().__init__(nn.Linear(track.width, llm_width), track.tokens)
