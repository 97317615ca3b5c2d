"""The tables of MER2026: `wheel_mapping.npz`."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from affect_llm.errors import DataError
from affect_llm.labels.official.plain_arrays import read_plain_npz
from affect_llm.labels.official.word_tables import WHEELS, WordTables

FILES = ("wheel_mapping.npz",)
_ARRAYS = ("format_mapping", "raw_mapping", "wheel_map_whole")
_LISTS = TypeAdapter(dict[str, list[str]])
_MAPS = TypeAdapter(dict[str, dict[str, dict[str, str]]])


def read_tables_2026(directory: Path) -> WordTables:
    """The tables out of a folder that holds `FILES`; repeats in their lists mean nothing.

    Raises:
        DataError: the file is missing or malformed, or asks for more than plain data.
    """
    path = directory / FILES[0]
    arrays = read_plain_npz(path)
    missing = [name for name in _ARRAYS if name not in arrays]
    if missing:
        raise DataError(f"{path} lacks {', '.join(missing)}; it has {', '.join(arrays)}.")
    try:
        forms, words = (_LISTS.validate_python(arrays[name], strict=True) for name in _ARRAYS[:2])
        maps = _MAPS.validate_python(arrays["wheel_map_whole"], strict=True)
        rings = {
            f"M3-W{wheel}-L{level}": maps[f"wheel{wheel}"][f"level{level}"]
            for wheel in WHEELS
            for level in (1, 2)
        }
    except (ValidationError, KeyError):
        raise DataError(
            f"{path} is not laid out like the MER2026 tables: words with lists of words, and a "
            "map of words for two levels of each of five wheels."
        ) from None
    return WordTables("2026", bases=_sorted(forms), synonyms=_sorted(words), rings=rings)


def _sorted(lists: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {word: tuple(sorted(set(words))) for word, words in lists.items()}
