"""Is one of two systems better on the same items? Paired intervals and randomisation tests."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from affect_llm.errors import DataError
from affect_llm.evaluation.intervals import SEED, Again, Interval, Name, Values, draws_for
from affect_llm.evaluation.pairs import Pairs, paired
from affect_llm.evaluation.tables.alignment import Policy
from affect_llm.evaluation.tables.problems import RowFinding, listed
from affect_llm.evaluation.tables.table import Table
from affect_llm.evaluation.tasks.task import AnyTask
from affect_llm.metrics.holm import holm
from affect_llm.metrics.paired_bootstrap import paired_bootstrap
from affect_llm.metrics.resamples import Indices
from affect_llm.metrics.swap_test import Flags, swap_test
from affect_llm.types import Model

COMPARISON_SCHEMA: Literal["affect-llm/comparison@1"] = "affect-llm/comparison@1"
SWAPS = 2000
"""A p of 0.05 is then known to ±0.01 (twice its standard error over so many swaps)."""


class Difference(Model):
    """One metric of both systems; None where it is not defined.

    Args:
        first, second: the metric of each system.
        difference: first minus second.
        interval: 95 %, of the paired bootstrap over groups.
        p_bootstrap: two-sided, read off the same draws.
        p_permutation: two-sided, of swapping the answers of whole groups.
        p_holm: `p_permutation` corrected for all metrics of the comparison.
    """

    name: str
    first: float | None
    second: float | None
    difference: float | None
    interval: Interval | None = None
    p_bootstrap: float | None = None
    p_permutation: float | None = None
    p_holm: float | None = None


class Comparison(Model):
    """Two systems on the same n items.

    Args:
        groups: the column that groups come from; "item" where each is its own.
        skipped: of each system, what was left out, by reason.
    """

    schema_version: Literal["affect-llm/comparison@1"] = COMPARISON_SCHEMA
    task: str
    first: str
    second: str
    n: int
    groups: str
    group_count: int
    differences: tuple[Difference, ...]
    skipped: dict[str, dict[str, int]]
    findings: tuple[RowFinding, ...] = ()


def compare_tables(
    task: AnyTask, gold: Table, first: Table, second: Table, policy: Policy
) -> Comparison:
    """Compare two tables of predictions on one gold table.

    Raises:
        DataError: the items that can be scored are not the same for both.
        AffectError: the files do not fit the task or one another.
    """
    task_of_first, one = paired(task, gold, first, policy)
    task_of_second, other = paired(task, gold, second, policy)
    if task_of_first != task_of_second:
        raise DataError(
            f"{first.path} and {second.path} do not answer the same question: "
            f"{task_of_first} and {task_of_second}."
        )
    ids = set(one.ids), set(other.ids)
    only = ([i for i in one.ids if i not in ids[1]], [i for i in other.ids if i not in ids[0]])
    apart = [
        f"{len(missing)} only by {table.path} ({listed(missing)})"
        for table, missing in zip((first, second), only, strict=True)
        if missing
    ]
    if apart:
        raise DataError(
            f"The two do not answer the same items: {' and '.join(apart)}. A paired test needs one "
            "set of items: complete the files, or count what is missing with "
            "--missing count-as-empty."
        )
    both = task_of_first.measure([*one.gold, *other.gold], [*one.predicted, *other.predicted])
    names = str(first.path), str(second.path)
    comparison = comparison_of(task.name, both.again, one, other, *names)
    findings = (*one.findings, *(f for f in other.findings if f not in one.findings))
    return comparison.model_copy(update={"findings": findings})


def comparison_of(
    task: str, again: Again, one: Pairs, other: Pairs, first: str, second: str
) -> Comparison:
    """Compare two rows of answers to the same items, in the same order.

    The names of the two systems are `first` and `second`; `again` is as in `differences`.
    """
    return Comparison(
        task=task,
        first=first,
        second=second,
        n=len(one.ids),
        groups=one.grouped_by,
        group_count=len(set(one.groups)),
        differences=differences(again, one.groups),
        skipped={
            name: {f.reason: f.count for f in pairs.findings}
            for name, pairs in ((first, one), (second, other))
        },
    )


def differences(again: Again, groups: Sequence[str]) -> tuple[Difference, ...]:
    """Every metric of two systems.

    Args:
        again: metrics of drawn answers, of 2 n: the first system's, then the second's to the same
            items.
        groups: of the n items.
    """
    known: dict[bytes, Values] = {}

    def value(drawn: Indices, name: Name) -> float | None:
        """Computed once per draw, however many metrics ask for it."""
        key = hashlib.blake2b(drawn.tobytes(), digest_size=16).digest()
        if key not in known:
            known[key] = again(drawn)
        return known[key].get(name)

    items = np.arange(len(groups))
    names = dict.fromkeys([*again(items), *again(items + len(groups))])
    measured = [_difference(value, name, groups) for name in names]
    adjusted = holm({d.name: d.p_permutation for d in measured if d.p_permutation is not None})
    return tuple(d.model_copy(update={"p_holm": adjusted.get(d.name)}) for d in measured)


def _difference(
    value: Callable[[Indices, Name], float | None], name: Name, groups: Sequence[str]
) -> Difference:
    n, items = len(groups), np.arange(len(groups))

    def swapped(flags: Flags) -> float | None:
        a = value(np.where(flags, items + n, items), name)
        b = value(np.where(flags, items, items + n), name)
        return None if a is None or b is None else a - b

    a, b = value(items, name), value(items + n, name)
    about = Difference(
        name=" ".join(name[1:] if name[0] == "metrics" else ("average", *name[1:])),
        first=a,
        second=b,
        difference=None if a is None or b is None else a - b,
    )
    span = paired_bootstrap(
        lambda drawn: value(drawn, name),
        lambda drawn: value(drawn + n, name),
        groups,
        np.random.default_rng(SEED),
        draws_for(n),
    )
    if about.difference is None or span is None:
        return about
    test = swap_test(swapped, groups, np.random.default_rng(SEED), min(SWAPS, 2 * draws_for(n)))
    return about.model_copy(
        update={
            "interval": (span.low, span.high),
            "p_bootstrap": span.p_value,
            "p_permutation": None if test is None else test.p_value,
        }
    )
