"""Kinds of fusion by name: the class that projects a single track."""

from typing import TYPE_CHECKING

from affect_llm.registry import Registry

if TYPE_CHECKING:
    from affect_llm.fusion.projector import TrackProjector

PROJECTORS: "Registry[type[TrackProjector]]" = Registry(
    "fusions",
    {
        "attention": "affect_llm.fusion.attention:AttentionProjector",
        "linear": "affect_llm.fusion.linear:LinearProjector",
        "mlp": "affect_llm.fusion.mlp:MlpProjector",
        "prefusion": "affect_llm.fusion.prefusion:PreFusionProjector",
        "qformer": "affect_llm.fusion.qformer:QFormer",
    },
)
"""Each class is called with a track's config, the LLM's width and the kind's own options."""
