"""Cues say whose they are only where several people are seen."""

from affect_llm.types import Cue


def untagged(cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
    """The cues without their person tags, unless these tell several people apart."""
    if len({cue.person for cue in cues if cue.person}) > 1:
        return cues
    return tuple(cue.model_copy(update={"person": None}) for cue in cues)
