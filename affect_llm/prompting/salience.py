"""Which cues a prompt shows when there are more than it can hold, and whose they are."""

from collections.abc import Collection

from affect_llm.cues.catalogue import family_of, kind_of, number_of, word_of
from affect_llm.cues.kinds import LineGroup
from affect_llm.types import Cue, CueSheet


def salience(cue: Cue) -> float:
    """How much a cue says, 0 to 1: probability, intensity or distance from the ordinary."""
    return 1.0 if kind_of(cue.name).steady else strength_of(cue)


def strength_of(cue: Cue, *, drawn: bool = False) -> float:
    """How far a cue is from nothing to see, 0 to 1; words and scene labels are 1.

    `drawn` is for a drawing, where some scales reach 1 earlier.
    """
    scale, number = kind_of(cue.name).scale, number_of(cue)
    if scale is None or isinstance(cue.value, str):
        return 1.0
    return 0.0 if number is None else scale.strength(number, scale.drawn_full if drawn else None)


def select_cues(sheet: CueSheet) -> tuple[Cue, ...]:
    """The cues worth a line, strongest of each group, in the sheet's order.

    Action units that are absent, and shares of almost nothing, are not evidence and take no line.
    """
    groups: dict[LineGroup, list[Cue]] = {}
    for cue in sheet.cues:
        kind = kind_of(cue.name)
        scale = kind.scale
        if scale and word_of(cue) in (scale.absent if scale.idle is None else scale.idle):
            continue
        groups.setdefault(kind.lines, []).append(cue)
    ids: set[str] = set()
    for group, cues in groups.items():
        # Ties are settled by time and id, so that one sheet always gives one prompt.
        ranked = sorted(cues, key=lambda c: (-salience(c) * c.confidence, c.span.start_s, c.id))
        ids.update(cue.id for cue in ranked[: group.lines])
    return tuple(cue for cue in sheet.cues if cue.id in ids)


def shown_sheet(sheet: CueSheet) -> CueSheet:
    """The sheet with only the cues that a prompt shows."""
    return CueSheet(cues=select_cues(sheet), absent=sheet.absent)


def untagged(cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
    """The cues without their person tags, unless these tell several people apart."""
    if len({cue.person for cue in cues if cue.person}) > 1:
        return cues
    return tuple(cue.model_copy(update={"person": None}) for cue in cues)


def readable_sheet(sheet: CueSheet, learned: Collection[str] | None, reasoner: str) -> CueSheet:
    """The sheet without cues that a reasoner cannot read; why they are left out is entered in it.

    Args:
        sheet: all cues.
        learned: the families that the reasoner has learned; None for any.
        reasoner: its name, for the sentence.
    """
    families = {cue.name: family_of(cue.name) for cue in sheet.cues}
    unread = {f for f in families.values() if learned is not None and f.name not in learned}
    if not unread:
        return sheet
    reason = f"the reasoner '{reasoner}' has not learned to read these cues"
    notes = sorted((family.absence(reason) for family in unread), key=str)
    cues = tuple(cue for cue in sheet.cues if families[cue.name] not in unread)
    return CueSheet(cues=cues, absent=(*sheet.absent, *notes))
