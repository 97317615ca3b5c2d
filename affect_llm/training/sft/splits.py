"""Which part a row belongs to; a group is never on two sides."""

from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256

from affect_llm.errors import DataError
from affect_llm.training.sft.rows import Part, Row

Parts = dict[Part, list[Row]]


def split_rows(
    rows: Sequence[Row], *, validation_share: float, test_share: float, seed: int
) -> Parts:
    """Rows by part.

    Where rows name their split, that is kept. Of rows that must be split (those without a split;
    the training rows, where there is no validation row), whole groups are set apart, in an order
    that depends on the seed and their names alone, until the share is reached.
    The shares are of the rows that are split here.

    Raises:
        DataError: a group is on two sides, or nothing is left to train on.
    """
    parts: Parts = {"train": [], "validation": [], "test": []}
    for row in rows:
        parts[row.split or "train"].append(row)
    free = [row for row in parts["train"] if row.split is None]
    fixed = [row for row in parts["train"] if row.split is not None]
    if test_share and not parts["test"]:
        free, parts["test"] = set_apart(free, test_share, f"{seed} test")
    parts["train"] = fixed + free
    if validation_share and not parts["validation"]:
        salt = f"{seed} validation"
        parts["train"], parts["validation"] = set_apart(parts["train"], validation_share, salt)
    sides: dict[str, set[str]] = defaultdict(set)
    for part, rows in parts.items():
        for row in rows:
            sides[row.cluster].add(part)
    torn = sorted(name for name, parts_of_group in sides.items() if len(parts_of_group) > 1)
    if torn:
        raise DataError(
            f"{len(torn)} groups are on two sides of the split, the first '{torn[0]}' in "
            f"{' and '.join(sorted(sides[torn[0]]))}. A speaker or dialogue must be in one part "
            "only: mend the column split."
        )
    if not parts["train"]:
        raise DataError("No rows are left to train on: all of them are validation or test rows.")
    return parts


def set_apart(rows: Sequence[Row], share: float, salt: str) -> tuple[list[Row], list[Row]]:
    """The rows that stay and those set apart: groups in a salted order until `share` is reached.

    At least one group is set apart and one stays, where there are two.
    """
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.cluster].append(row)
    order = sorted(groups, key=lambda name: sha256(f"{salt} {name}".encode()).digest())
    wanted, taken, count = share * len(rows), set[str](), 0
    for name in order[:-1]:
        if count >= wanted:
            break
        taken.add(name)
        count += len(groups[name])
    rest = [row for row in rows if row.cluster not in taken]
    return rest, [row for row in rows if row.cluster in taken]
