"""Whether a value read from a file is plain, and not too large once written out."""

from collections.abc import Iterable

from affect_llm.errors import DataError

MAX_DEPTH = 32
"""The official layouts nest four deep; Python's own recursion ends at a thousand."""
MAX_ITEMS = 20_000_000
"""The most items of all containers together, one that is referred to twice counted twice."""
LEAVES = (str, int, float, bool, type(None))


def check_plain(value: object) -> object:
    """The value itself: text, numbers, booleans, None, and containers of them.

    Raises:
        DataError: it holds anything else, is nested deeper than `MAX_DEPTH` (also by containing
            itself), or has more than `MAX_ITEMS` items.
    """
    _written_out(value, 0, {})
    return value


def _written_out(value: object, depth: int, seen: dict[int, int]) -> int:
    """How many items the value has when nothing is shared."""
    if type(value) in LEAVES:
        return 1
    if depth > MAX_DEPTH:
        raise DataError(f"it is nested more than {MAX_DEPTH} deep.")
    if id(value) not in seen:
        if isinstance(value, dict):
            inner: Iterable[object] = (part for pair in value.items() for part in pair)
        elif isinstance(value, (list, tuple)):
            inner = value
        else:
            raise DataError("it holds something other than text, numbers, lists and dictionaries.")
        seen[id(value)] = 1 + sum(_written_out(part, depth + 1, seen) for part in inner)
    if seen[id(value)] > MAX_ITEMS:
        raise DataError(f"it has more than {MAX_ITEMS} items.")
    return seen[id(value)]
