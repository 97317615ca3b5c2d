"""A reader of the few pickle instructions that numpy writes for arrays of plain values.

Published predictions and tables are `.npz` files of pickled object arrays. A pickle is a program;
this module does not run it. It knows the instructions that build text, numbers, lists, tuples and
dictionaries, and four names, which it answers with inert stand-ins of its own: numpy's `ndarray`,
`dtype`, `_reconstruct` and `scalar`. Any other name or instruction is refused, nothing is imported
or called by a name in the file, and what is built is bounded in size and depth.

The standard library's `Unpickler` with a closed `find_class` is shorter and not as safe: a memo
number of four bytes makes it ask for 64 GiB, a tuple of shared tuples as a key keeps it hashing for
ever, a deep one overflows the interpreter's stack, and BUILD sets attributes on whatever stands on
the stack, our own classes too. None of this is visible to `find_class`, nor all of it to a look at
the instructions beforehand (tests/labels/test_plain_arrays.py has each case).

Source: the instruction table of the standard library's `pickletools`, protocols 2 to 4.
"""

import struct
from collections.abc import Callable

from affect_llm.errors import DataError
from affect_llm.labels.official.plain_ndarray import (
    NAMES,
    ArrayShell,
    DtypeStandIn,
    Name,
    reconstruct,
    scalar,
)
from affect_llm.labels.official.plain_values import LEAVES, check_plain

MAX_STEPS = 10_000_000
"""The most instructions of one pickle: each makes an object of up to 64 bytes out of one byte, so
that this bounds memory to 640 MB. The official tables take some sixty thousand."""
_MARK = object()
_STOP = ord(".")


def read_plain_pickle(data: bytes, source: str) -> object:
    """The plain value that a pickle describes: text, numbers, None, lists, tuples, dictionaries.

    Arrays become (nested) lists, an array without dimensions its one item. Keys of dictionaries
    are text or numbers; a tuple would be a cheap way to keep the reader busy hashing for years.

    Args:
        data: the whole pickle.
        source: what it is, for the sentence of an error.

    Raises:
        DataError: it asks for anything else, is cut short, or is too large when written out.
    """
    machine = _Machine(data)
    try:
        return check_plain(machine.run())
    except DataError as refused:
        raise DataError(f"{source} is not read: {refused}") from None
    except (LookupError, TypeError, ValueError, OverflowError, struct.error):
        raise DataError(
            f"{source} is not read: its pickle is damaged or cut short at byte {machine.at}."
        ) from None


class _Machine:
    """The stack and the memo that the instructions work on."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.stack: list[object] = []
        self.memo: dict[int, object] = {}

    def run(self) -> object:
        steps, data = _STEPS, self.data
        for _ in range(MAX_STEPS):
            code = data[self.at]
            self.at += 1
            if code == _STOP:
                (value,) = self.stack
                return value
            step = steps.get(code)
            if step is None:
                raise DataError(
                    f"its pickle holds the instruction {bytes([code])!r} at byte {self.at - 1}, "
                    "which plain arrays of text and numbers do not need."
                )
            step(self)
        raise DataError(f"its pickle has more than {MAX_STEPS} instructions.")

    def take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self.data):
            raise IndexError
        piece = self.data[self.at : end]
        self.at = end
        return piece

    def number(self, width: int) -> int:
        return int.from_bytes(self.take(width), "little")

    def line(self) -> str:
        end = self.data.index(b"\n", self.at)
        text = self.data[self.at : end].decode("ascii")
        self.at = end + 1
        return text

    def push(self, value: object) -> None:
        self.stack.append(value)

    def to_mark(self) -> list[object]:
        stack, place = self.stack, len(self.stack) - 1
        while stack[place] is not _MARK:
            place -= 1
            if place < 0:
                raise IndexError
        values = stack[place + 1 :]
        del stack[place:]
        return values

    def remember(self, index: int) -> None:
        value = self.stack[-1]
        self.memo[index] = value
        if isinstance(value, ArrayShell):
            value.remembered.append(index)

    def name(self, module: object, attribute: object) -> None:
        if not isinstance(module, str) or not isinstance(attribute, str):
            raise TypeError
        known = NAMES.get((module, attribute))
        if known is None:
            raise DataError(
                f"its pickle asks for {module[:80]}.{attribute[:80]}; only arrays of text and "
                "numbers are read, and nothing in such a file is ever run."
            )
        self.push(known)

    def reduce(self) -> None:
        arguments, function = self.stack.pop(), self.stack.pop()
        if function is Name.RECONSTRUCT:
            self.push(reconstruct(arguments))
        elif function is Name.DTYPE:
            self.push(DtypeStandIn.of(arguments))
        elif function is Name.SCALAR:
            self.push(scalar(arguments))
        else:
            raise DataError("its pickle calls something that is no array.")

    def build(self) -> None:
        state, target = self.stack.pop(), self.stack[-1]
        if isinstance(target, DtypeStandIn):
            target.set_state(state)
        elif isinstance(target, ArrayShell):
            self.stack[-1] = value = target.filled(state)
            self.memo.update(dict.fromkeys(target.remembered, value))
        else:
            raise DataError("its pickle sets the state of something that is no array.")

    def set_items(self, pairs: list[object]) -> None:
        target, keys = self.stack[-1], pairs[::2]
        if not isinstance(target, dict) or not all(type(key) in LEAVES for key in keys):
            raise TypeError
        target.update(zip(keys, pairs[1::2], strict=True))

    def extend(self, values: list[object]) -> None:
        target = self.stack[-1]
        if not isinstance(target, list):
            raise TypeError
        target.extend(values)

    def tuple_of(self, count: int) -> None:
        values = self.stack[len(self.stack) - count :]
        if len(values) != count:
            raise IndexError
        self.stack[len(self.stack) - count :] = [tuple(values)]


def _text(m: _Machine, width: int) -> None:
    m.push(m.take(m.number(width)).decode())


_STEPS: dict[int, Callable[[_Machine], object]] = {
    0x80: lambda m: m.take(1),  # PROTO
    0x95: lambda m: m.take(8),  # FRAME
    ord("("): lambda m: m.push(_MARK),
    ord("N"): lambda m: m.push(None),
    0x88: lambda m: m.push(True),
    0x89: lambda m: m.push(False),
    ord("J"): lambda m: m.push(int.from_bytes(m.take(4), "little", signed=True)),
    ord("K"): lambda m: m.push(m.number(1)),
    ord("M"): lambda m: m.push(m.number(2)),
    0x8A: lambda m: m.push(int.from_bytes(m.take(m.number(1)), "little", signed=True)),  # LONG1
    ord("G"): lambda m: m.push(struct.unpack(">d", m.take(8))[0]),
    ord("X"): lambda m: _text(m, 4),
    0x8C: lambda m: _text(m, 1),  # SHORT_BINUNICODE
    0x8D: lambda m: _text(m, 8),  # BINUNICODE8
    ord("C"): lambda m: m.push(m.take(m.number(1))),
    ord("B"): lambda m: m.push(m.take(m.number(4))),
    0x8E: lambda m: m.push(m.take(m.number(8))),  # BINBYTES8
    ord("]"): lambda m: m.push([]),
    ord("}"): lambda m: m.push({}),
    ord(")"): lambda m: m.push(()),
    0x85: lambda m: m.tuple_of(1),
    0x86: lambda m: m.tuple_of(2),
    0x87: lambda m: m.tuple_of(3),
    ord("t"): lambda m: m.push(tuple(m.to_mark())),
    ord("a"): lambda m: m.extend([m.stack.pop()]),
    ord("e"): lambda m: m.extend(m.to_mark()),
    ord("s"): lambda m: m.set_items([m.stack.pop(-2), m.stack.pop()]),
    ord("u"): lambda m: m.set_items(m.to_mark()),
    ord("q"): lambda m: m.remember(m.number(1)),
    ord("r"): lambda m: m.remember(m.number(4)),
    0x94: lambda m: m.remember(len(m.memo)),  # MEMOIZE
    ord("h"): lambda m: m.push(m.memo[m.number(1)]),
    ord("j"): lambda m: m.push(m.memo[m.number(4)]),
    ord("c"): lambda m: m.name(m.line(), m.line()),
    0x93: lambda m: m.name(m.stack.pop(-2), m.stack.pop()),  # STACK_GLOBAL
    ord("R"): _Machine.reduce,
    ord("b"): _Machine.build,
}
