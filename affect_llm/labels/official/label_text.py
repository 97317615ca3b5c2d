"""The label-string rules of the published evaluators (EMER, OV-MER, MER-UniBench, MER2024-2026)."""

import numpy as np

from affect_llm.errors import DataError


def label_list(value: object) -> list[str]:
    """Labels as the published evaluators read them.

    An array becomes its list, and a list is returned as it is, untrimmed. None, NaN and the
    empty string are no labels. Of a string, one leading "[" and then one trailing "]" are
    dropped, if they are its very first and last character; the rest is split at apostrophes,
    double quotes and commas, and pieces are trimmed; blank ones are dropped.

    The string "[" has no labels here; the published code stops on it with an IndexError.

    Raises:
        DataError: neither a string, a list, an array nor missing.
    """
    if isinstance(value, str):
        pieces = [piece.strip() for piece in label_pieces(value)]
        return [piece for piece in pieces if piece]
    if isinstance(value, np.ndarray):
        return label_list(value.tolist())
    if isinstance(value, list):
        return value
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return []
    raise DataError(
        f'Labels are a string such as "[happy, sad]" or a list of words, not {value!r}.'
    )


def label_pieces(text: str) -> list[str]:
    """The pieces of a label string before they are trimmed, blank ones included."""
    inner = text.removeprefix("[").removesuffix("]")
    return inner.replace('"', "'").replace(",", "'").split("'")
