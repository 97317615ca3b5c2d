"""Inert stand-ins for what numpy names in the pickle of an array.

numpy writes an array as `_reconstruct(ndarray, (0,), b"b")`, then its state (version, shape,
dtype, Fortran order, items); a data type as `dtype("f8", False, True)`, then its state (version,
byte order, …); a number or string of its own as `scalar(dtype, bytes)`.

Source: `array_reduce`, `arraydescr_reduce` and `gentype_reduce` in numpy's C sources.
"""

import math
import re
from enum import Enum
from typing import cast

import numpy as np

from affect_llm.errors import DataError

MAX_SIDES = 64
"""The most dimensions that an array may have, as in numpy."""
# Six digits bound how long one item of text can be said to be.
_CODE = re.compile(r"O[48]?|[US]\d{1,6}|f[248]|[iu][1248]|b1")


class Name(Enum):
    """What a pickle of an array asks for; never numpy's own function of that name."""

    NDARRAY = "ndarray"
    DTYPE = "dtype"
    RECONSTRUCT = "_reconstruct"
    SCALAR = "scalar"


NAMES: dict[tuple[object, object], Name] = {
    ("numpy", "ndarray"): Name.NDARRAY,
    ("numpy", "dtype"): Name.DTYPE,
    **{
        (f"numpy.{core}.multiarray", name.value): name
        for core in ("core", "_core")
        for name in (Name.RECONSTRUCT, Name.SCALAR)
    },
}


class DtypeStandIn:
    """A data type by its code ("O8", "U5", "f8") and byte order."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.order = "="

    @classmethod
    def of(cls, arguments: object) -> "DtypeStandIn":
        """The stand-in for numpy's `dtype` of these arguments.

        Raises:
            DataError: it is neither objects, text nor numbers.
        """
        code = arguments[0] if isinstance(arguments, tuple) and arguments else None
        if not isinstance(code, str):
            raise TypeError
        if not _CODE.fullmatch(code):
            raise DataError(f"its array is of type {code[:40]!r}; text and numbers are read.")
        return cls(code)

    def set_state(self, state: object) -> None:
        """Takes the byte order; a state with fields or a subtype is refused.

        Raises:
            DataError: the type has parts.
        """
        if not isinstance(state, tuple) or not isinstance(state[1], str):
            raise TypeError
        if state[1] not in {"<", ">", "|", "="}:
            raise ValueError
        if any(part is not None for part in state[2:5]):
            raise DataError("its array has fields; plain arrays of text and numbers are read.")
        self.order = state[1]

    @property
    def holds_objects(self) -> bool:
        """Whether items are Python values rather than bytes."""
        return self.code.startswith("O")

    def values(self, raw: object, count: int) -> list[object]:
        """`count` items out of their bytes."""
        kind = np.dtype(self.order + self.code)
        if not isinstance(raw, bytes) or len(raw) != count * kind.itemsize:
            raise ValueError
        if kind.itemsize == 0:
            if count > 1:  # any number would fit into no bytes; numpy stores only one so
                raise ValueError
            return [kind.type().item()] * count
        return cast(list[object], np.frombuffer(raw, dtype=kind).tolist())


class ArrayShell:
    """An array between its creation and the moment its items are known."""

    def __init__(self) -> None:
        self.remembered: list[int] = []

    def filled(self, state: object) -> object:
        """The items as nested lists, or the one item of an array without dimensions."""
        _, shape, kind, fortran, items = cast(tuple[object, ...], state)
        if not isinstance(shape, tuple) or not isinstance(kind, DtypeStandIn):
            raise TypeError
        if len(shape) > MAX_SIDES or any(type(side) is not int or side < 0 for side in shape):
            raise ValueError
        if fortran is not False and len(shape) > 1:
            raise DataError("its array is in Fortran order; save it in C order.")
        count = math.prod(shape)
        if not kind.holds_objects:
            return _nested(kind.values(items, count), shape)
        if not isinstance(items, list) or len(items) != count:
            raise ValueError
        return _nested(items, shape)


def reconstruct(arguments: object) -> ArrayShell:
    """An array without items; what class and size it is created with does not matter."""
    if not isinstance(arguments, tuple) or arguments[0] is not Name.NDARRAY:
        raise DataError("its pickle makes an array of an unknown class.")
    return ArrayShell()


def scalar(arguments: object) -> object:
    """The one value of a numpy number or string."""
    kind, raw = cast(tuple[object, ...], arguments)
    if not isinstance(kind, DtypeStandIn) or kind.holds_objects:
        raise TypeError
    return kind.values(raw, 1)[0]


def _nested(items: list[object], shape: tuple[int, ...]) -> object:
    if not shape:
        return items[0]
    for side in reversed(shape[1:]):
        if side == 0:
            raise DataError("its array has an empty side; only one-dimensional ones may be empty.")
        items = [items[at : at + side] for at in range(0, len(items), side)]
    return items
