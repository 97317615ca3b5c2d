"""The probability of each label from a served model: the same sum as in process.

A label is the product of its tokens times the sum over the tokens that close it; what comes of
several labels' shared beginnings is asked for once.
"""

import math
from collections.abc import Sequence

from affect_llm.reasoners.served.model import TokenModel
from affect_llm.reasoners.tokens.label_paths import LabelPaths, Path
from affect_llm.reasoners.tokens.slotted_chat import TokenPrompt


def score_served_labels(
    model: TokenModel, rows: Sequence[tuple[TokenPrompt, LabelPaths | None]]
) -> list[dict[str, float] | None]:
    """Natural-log probabilities normalised over each row's labels; None without labels."""
    nodes = [
        (n, node, prompt.then([*paths.common, *node]), sorted(wanted))
        for n, (prompt, paths) in enumerate(rows)
        if paths is not None
        for node, wanted in _wanted(paths).items()
    ]
    scores = model.logprobs([(prompt, ids) for _, _, prompt, ids in nodes])
    following: list[dict[Path, dict[int, float]]] = [{} for _ in rows]
    for (n, node, _, _), logprobs in zip(nodes, scores, strict=True):
        following[n][node] = logprobs
    scored: list[dict[str, float] | None] = []
    for (_, paths), after in zip(rows, following, strict=True):
        if paths is None:
            scored.append(None)
            continue
        sums = {}
        for label, path in paths.paths.items():
            inner = sum(after[path[:at]][token] for at, token in enumerate(path))
            sums[label] = inner + _logsumexp([after[path][c] for c in paths.closers[label]])
        total = _logsumexp(list(sums.values()))
        scored.append({label: value - total for label, value in sums.items()})
    return scored


def _wanted(paths: LabelPaths) -> dict[Path, set[int]]:
    """Which tokens matter after each beginning of a label, the empty one included."""
    wanted: dict[Path, set[int]] = {}
    for label, path in paths.paths.items():
        for at, token in enumerate(path):
            wanted.setdefault(path[:at], set()).add(token)
        wanted.setdefault(path, set()).update(paths.closers[label])
    return wanted


def _logsumexp(values: Sequence[float]) -> float:
    top = max(values)
    # Where all are impossible, top - top would be no number.
    return top if top == -math.inf else top + math.log(sum(math.exp(v - top) for v in values))
