"""Compound emotions: two basic ones at a time, such as "happily surprised".

The seven classes are those of C-EXPR-DB (Kollias 2023, the ABAW compound challenge), the eleven
those of RAF-DB's compound part (Li and Deng 2019), both after Du, Tao and Martinez 2014.
"""

import re
from collections.abc import Sequence

from affect_llm.errors import DataError

Pair = frozenset[str]
FORMS = {
    "anger": ("angry", "angrily"),
    "disgust": ("disgusted", "disgustedly"),
    "fear": ("fearful", "fearfully", "scared", "afraid"),
    "happiness": ("happy", "happily", "joy", "joyful", "joyfully"),
    "sadness": ("sad", "sadly"),
    "surprise": ("surprised", "surprisedly"),
}
BASIC = tuple(FORMS)
BASIC_OF = {form: basic for basic, forms in FORMS.items() for form in (basic, *forms)}
C_EXPR_7 = (
    "fearfully surprised", "happily surprised", "sadly surprised", "disgustedly surprised",
    "angrily surprised", "sadly fearful", "sadly angry",
)  # fmt: skip
RAF_DB_11 = (
    "happily surprised", "happily disgusted", "sadly fearful", "sadly angry", "sadly surprised",
    "sadly disgusted", "fearfully angry", "fearfully surprised", "angrily surprised",
    "angrily disgusted", "disgustedly surprised",
)  # fmt: skip


def compound(text: str) -> Pair:
    """The one or two basic emotions that a compound name or a list of two names.

    "Happily Surprised", "happily-surprised", "surprise, happiness" and "joy+surprised" are the
    same pair. A single basic emotion is a set of one.

    Args:
        text: words of `BASIC_OF` in any case, parted by anything but letters; "and" is ignored.

    Raises:
        DataError: no basic emotion, more than two, or a word that is none.
    """
    words = [word for word in re.split(r"[\W_]+", text.lower()) if word not in ("", "and")]
    strange = [word for word in words if word not in BASIC_OF]
    pair = frozenset(BASIC_OF[word] for word in words if word in BASIC_OF)
    if strange or not 1 <= len(pair) <= 2:
        raise DataError(
            f"'{text}' is not a compound of one or two of {', '.join(BASIC)}"
            + (f": {', '.join(strange)} is none of them or their forms." if strange else ".")
        )
    return pair


def compound_class(pair: Pair | None, classes: Sequence[str]) -> str | None:
    """The class that names this pair, or None where none does (an answer outside the classes).

    Raises:
        DataError: a class is not a compound, or two name the same pair.
    """
    return None if pair is None else classes_by_pair(classes).get(pair)


def classes_by_pair(classes: Sequence[str]) -> dict[Pair, str]:
    """The name of each class by the pair that it names.

    Raises:
        DataError: a class is not a compound, or two name the same pair.
    """
    named = {compound(name): name for name in classes}
    if len(named) < len(classes):
        raise DataError(f"Two of the classes {', '.join(classes)} name the same pair.")
    return named
