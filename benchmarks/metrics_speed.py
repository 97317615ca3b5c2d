"""An interval of macro F1 over 10,000 items and 1,000 draws, ours beside two plain loops.

All draw the same items from the same state and must find the same interval. Times are of the
processor, so that other work on the machine does not count.

python benchmarks/metrics_speed.py
"""

import json
import time
from collections.abc import Callable, Sequence

import numpy as np

from affect_llm.metrics.bootstrap import bootstrap_interval, central
from affect_llm.metrics.confusion import answer_codes, confusion_matrix, counted
from affect_llm.metrics.f1 import macro_f1

LABELS = ("anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise")
ITEMS, DRAWS = 10_000, 1_000
PLAIN_DRAWS = 20
"""The loop over labels is measured on fewer draws; its time is linear in them."""


def loop_over_groups(groups: Sequence[str], draws: int, score: Callable[[list[int]], float]):
    """Draws groups and joins their items one after another."""
    members: dict[str, list[int]] = {}
    for item, group in enumerate(groups):
        members.setdefault(group, []).append(item)
    lists, rng, values = list(members.values()), np.random.default_rng(1), []
    for _ in range(draws):
        drawn = rng.integers(len(lists), size=len(lists))
        values.append(score([item for group in drawn for item in lists[group]]))
    return central(values, 0.95)


def seconds(call: Callable[[], object]) -> tuple[float, object]:
    start = time.process_time()
    found = call()
    return time.process_time() - start, found


def compared(groups: Sequence[str]) -> dict[str, float]:
    rng = np.random.default_rng(0)
    gold = [LABELS[i] for i in rng.integers(len(LABELS), size=ITEMS)]
    answers = [g if rng.random() < 0.5 else LABELS[rng.integers(7)] for g in gold]
    codes = answer_codes(gold, answers, LABELS)

    def of_codes(items):
        return macro_f1(counted(codes[items], len(LABELS)))

    def of_labels(items):
        picked = [gold[i] for i in items], [answers[i] for i in items]
        return macro_f1(confusion_matrix(*picked, LABELS))

    ours_s, ours = seconds(
        lambda: bootstrap_interval(of_codes, groups, np.random.default_rng(1), DRAWS)
    )
    joined_s, joined = seconds(lambda: loop_over_groups(groups, DRAWS, of_codes))
    assert ours == joined, f"ours is {ours}, the loop's {joined}"
    plain_s, _ = seconds(lambda: loop_over_groups(groups, PLAIN_DRAWS, of_labels))
    plain_s *= DRAWS / PLAIN_DRAWS
    return {
        "ours_s": round(ours_s, 3),
        "loop_over_groups_s": round(joined_s, 3),
        "loop_over_groups_and_labels_s": round(plain_s, 1),
        "times_faster_than_the_first": round(joined_s / ours_s, 1),
        "times_faster_than_the_second": round(plain_s / ours_s, 1),
    }


if __name__ == "__main__":
    single = [str(i) for i in range(ITEMS)]
    speakers = [str(i % 500) for i in range(ITEMS)]
    print(
        json.dumps({"single items": compared(single), "500 speakers": compared(speakers)}, indent=2)
    )
