"""The roads by which a clip reaches a model."""

from typing import Literal, get_args

Road = Literal["text", "projected", "both"]
"""What a prompt shows: its cues as words; its features as soft tokens, with only the cues of
other modalities as words; or all cues and all features."""
ROADS: tuple[Road, ...] = get_args(Road)
