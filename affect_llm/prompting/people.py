"""When cues say whose they are."""

from affect_llm.types import Cue


def untagged(cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
    """Without person tags where only one person is seen: a tag tells people apart."""
    if len({cue.person for cue in cues if cue.person}) > 1:
        return cues
    return tuple(cue.model_copy(update={"person": None}) for cue in cues)
