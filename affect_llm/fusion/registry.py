"""Kinds of fusion by name: what projects a single track."""

from typing import TYPE_CHECKING

from affect_llm.registry import Registry

if TYPE_CHECKING:
    from affect_llm.fusion.projectors import TrackProjector

PROJECTORS: "Registry[type[TrackProjector]]" = Registry(
    "fusions",
    {
        "attention": "affect_llm.fusion.projectors:AttentionProjector",
        "linear": "affect_llm.fusion.projectors:LinearProjector",
        "mlp": "affect_llm.fusion.projectors:MlpProjector",
        "prefusion": "affect_llm.fusion.projectors:AttentionProjector",
        "qformer": "affect_llm.fusion.qformer:QFormer",
    },
)
"""Each entry is called with the track's and the fusion's config."""
