"""Recall of every run with its interval, and its gain over every other."""

from collections.abc import Mapping, Sequence

import numpy as np
from roads_answers import Answer

from affect_llm.metrics.bootstrap import bootstrap_interval
from affect_llm.metrics.confusion import answer_codes, counted
from affect_llm.metrics.paired_bootstrap import paired_bootstrap
from affect_llm.metrics.recall import unweighted_recall


class Recall:
    """Unweighted recall of a run, on all clips or on those that are drawn."""

    def __init__(self, found: Sequence[Answer]) -> None:
        gold = [a.gold for a in found]
        labels = sorted(set(gold))
        self.codes = answer_codes(gold, [a.label for a in found], labels)
        self.labels = len(labels)

    def __call__(self, items: object = slice(None)) -> float | None:
        """Of the clips with these indices."""
        return unweighted_recall(counted(self.codes[items], self.labels))


def table(found: Mapping[str, Sequence[Answer]]) -> list[dict[str, object]]:
    """A row per run; intervals and gains resample whole actors."""
    groups = [answer.group for answer in next(iter(found.values()))]
    recalls = {name: Recall(answers) for name, answers in found.items()}
    rows = []
    for name, recall in recalls.items():
        interval = bootstrap_interval(recall, groups, np.random.default_rng(0))
        gains = {
            other: paired_bootstrap(recall, base, groups, np.random.default_rng(0))
            for other, base in recalls.items()
            if other != name
        }
        told = {f"over {k}": [g.difference, g.low, g.high] for k, g in gains.items() if g}
        rows.append(
            {"run": name, "clips": len(groups), "uar": recall(), "interval": interval, **told}
        )
    return rows


def print_table(rows: Sequence[dict[str, object]]) -> None:
    """One line a run, then what each gains over each."""
    for row in rows:
        print(f"{row['run']:32} {row['uar']:.3f} {_interval(row['interval'])}")
    for row in rows:
        for key, gain in row.items():
            if key.startswith("over ") and gain[0] > 0:
                print(f"{row['run']} {key}: {gain[0]:+.3f} {_interval(gain[1:])}")


def _interval(found: Sequence[float] | None) -> str:
    return "" if found is None else f"[{found[0]:.3f}, {found[1]:.3f}]"
