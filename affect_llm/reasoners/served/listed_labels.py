"""Label probabilities from the alternatives that a server lists at the label's first token.

They are exact where every label begins with tokens of its own and the list covers nearly all that
might have been written. Where two labels begin alike, or the list leaves too much out, there is no
probability rather than a guess.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

COVERED = 0.99
"""The share of the labels' mass that the list must account for, so that no label that is left out
could have more than a hundredth."""
_FLOOR = 1e-9
"""What a label that is not listed has at least: its logarithm stays finite."""


@dataclass(frozen=True, slots=True)
class ListedToken:
    """One token of an answer.

    Args:
        text: what it spells.
        listed: spelling → probability of the alternatives there, itself among them.
    """

    text: str
    listed: Mapping[str, float]


def listed_logprobs(
    tokens: Sequence[ListedToken], labels: Sequence[str], prefix: str
) -> dict[str, float] | None:
    """Natural-log probabilities normalised over `labels`; None where they cannot be known.

    Args:
        tokens: the whole answer, in order.
        labels: the closed set.
        prefix: what stands before the label ('{"label":"'), blanks aside.
    """
    if (place := _at_label(tokens, prefix)) is None:
        return None
    head, listed = place
    mass = dict.fromkeys(labels, 0.0)
    unclear = 0.0
    for spelling, probability in listed.items():
        # A token means a label where either is a beginning of the other.
        wholes = {label: f'{head}{label}"' for label in labels if spelling}
        meant = [k for k, v in wholes.items() if v.startswith(spelling) or spelling.startswith(v)]
        if len(meant) == 1:
            mass[meant[0]] += probability
        elif meant:
            unclear += probability
    unlisted = unclear + max(1.0 - sum(listed.values()), 0.0)
    known = sum(mass.values())
    if known <= 0 or known < COVERED * (known + unlisted):
        return None
    missing = [label for label, value in mass.items() if value == 0]
    # Labels that are not listed share what is unlisted.
    shares = {label: max(unlisted / len(missing), _FLOOR) for label in missing}
    total = known + sum(shares.values())
    return {label: math.log(shares.get(label, value) / total) for label, value in mass.items()}


def _at_label(tokens: Sequence[ListedToken], prefix: str) -> tuple[str, Mapping[str, float]] | None:
    """What the token with the label's first letter spells before it, and the alternatives there."""
    marks = re.sub(r"\s", "", prefix)
    pattern = r"\s*".join(re.escape(mark) for mark in marks)
    match = re.match(rf"\s*{pattern}", "".join(token.text for token in tokens))
    if match is None:
        return None
    at = 0
    for token in tokens:
        if at + len(token.text) > match.end():
            return token.text[: max(match.end() - at, 0)], token.listed
        at += len(token.text)
    return None
