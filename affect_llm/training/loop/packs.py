"""Examples into rows of a fixed room: first fit, longest first."""

from collections.abc import Sequence


def first_fit(lengths: Sequence[int], room: int) -> list[list[int]]:
    """Bins of indices whose lengths sum to at most `room`.

    Longest first, each into the first bin with room (Johnson 1974, 11/9 of the fewest bins at
    most); an item that is longer than the room has a bin of its own.

    Args:
        lengths: of the items.
        room: of a bin.
    """
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    bins: list[list[int]] = []
    left: list[int] = []
    open_from = 0
    for item in order:
        while open_from < len(bins) and left[open_from] == 0:
            open_from += 1
        place = _first_with(left, lengths[item], open_from)
        if place is None:
            bins.append([item])
            left.append(max(room - lengths[item], 0))
        else:
            bins[place].append(item)
            left[place] -= lengths[item]
    return bins


def _first_with(left: Sequence[int], wanted: int, start: int) -> int | None:
    return next((i for i in range(start, len(left)) if left[i] >= wanted), None)
