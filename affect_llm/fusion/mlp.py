"""The kind "mlp": two layers over each row, or over the mean of a stretch of rows."""

from torch import nn

from affect_llm.fusion.config import ShippedOptions, TrackConfig
from affect_llm.fusion.projector import RowProjector


class MlpOptions(ShippedOptions):
    """`hidden` and `dropout` are used; a track may give one token per row."""

    per_row = True


class MlpProjector(RowProjector):
    """Two layers with GELU between them."""

    options_type = MlpOptions

    def __init__(self, track: TrackConfig, llm_width: int, options: MlpOptions) -> None:
        project = nn.Sequential(
            nn.Linear(track.width, options.hidden),
            nn.GELU(),
            nn.Dropout(options.dropout),
            nn.Linear(options.hidden, llm_width),
        )
        super().__init__(project, track.tokens)
