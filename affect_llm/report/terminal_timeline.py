"""A time line of cues in block characters: the taller the block, the stronger the cue."""

from rich.text import Text

from affect_llm.report.lanes import Lane, lanes_of, strength
from affect_llm.report.words import clock
from affect_llm.types import EmotionResult

_BLOCKS = " ▁▂▃▄▅▆▇█"
COLOURS = {"text": "yellow", "audio": "cyan", "visual": "magenta", "physiology": "green"}
_MARGIN = 12
"""Columns before the blocks: the longest name of a family, two blanks on either side."""
_WIDEST = 120
"""Wider lines are hard to follow with the eye; terminals that are wider stay empty on the right."""


def timeline(result: EmotionResult, width: int) -> Text:
    """One lane per family over the clip's time; empty without cues or without time.

    Args:
        result: whose cues to draw.
        width: columns to fill; at least one column of blocks is drawn however narrow.
    """
    lanes = lanes_of(result.sheet.cues)
    if not lanes or result.duration_s <= 0:
        return Text()
    columns = max(1, min(_WIDEST, width - _MARGIN - 1))
    text = Text("\nCues over time:", style="bold")
    for lane in lanes:
        blocks = "".join(_BLOCKS[level] for level in levels(lane, result.duration_s, columns))
        text.append(f"\n  {lane.name[: _MARGIN - 3]:<{_MARGIN - 2}}", style="not bold")
        text.append(blocks.rstrip(), style=f"not bold {COLOURS[lane.modality]}")
    return text.append(
        f"\n{' ' * _MARGIN}{_axis(result.duration_s, columns)}", style="not bold dim"
    )


def levels(lane: Lane, duration_s: float, columns: int) -> list[int]:
    """Height 0 (no cue) to 8 of the strongest cue in each column."""
    heights = [0] * columns
    for cue in lane.cues:
        height = max(1, round(strength(cue) * 8))
        first = min(columns - 1, int(cue.span.start_s / duration_s * columns))
        last = max(first + 1, min(columns, round(cue.span.end_s / duration_s * columns)))
        for column in range(first, last):
            heights[column] = max(heights[column], height)
    return heights


def _axis(duration_s: float, columns: int) -> str:
    end = clock(duration_s)
    if columns < 2 * len(end) + 4:
        return end.rjust(columns)
    middle = clock(duration_s / 2)
    half = columns // 2
    left = clock(0).ljust(half - len(middle) // 2) + middle
    return left + end.rjust(columns - len(left))
