"""The probability of each label, exactly: the model's own, normalised over the closed set."""

from collections.abc import Sequence

import torch

from affect_llm.reasoners.local.batch_state import BatchState
from affect_llm.reasoners.tokens.label_paths import LabelPaths


def score_labels(
    state: BatchState, root: torch.Tensor, rows: Sequence[LabelPaths | None]
) -> list[dict[str, float] | None]:
    """Natural-log probabilities over each row's labels; None for a row without labels.

    A label's probability is the product over its tokens times the sum over the tokens that close
    it, so that "joy" is not mistaken for the beginning of "joyful". All further tokens of all
    labels take one forward pass over a tree.

    Args:
        state: has been fed each row's prompt and `common` tokens.
        root: the logits that this gave, (rows, vocabulary).
        rows: the label paths per row.
    """
    trees = [[] if paths is None else paths.nodes() for paths in rows]
    deeper = state.branch(trees) if any(trees) else None
    scored: list[dict[str, float] | None] = []
    for row, (paths, tree) in enumerate(zip(rows, trees, strict=True)):
        after: dict[tuple[int, ...], torch.Tensor] = {(): root[row].log_softmax(-1)}
        if deeper is not None:
            after |= {path: deeper[row, n].log_softmax(-1) for n, path in enumerate(tree)}
        if paths is None:
            scored.append(None)
            continue
        scores = []
        for label, path in paths.paths.items():
            steps = [after[path[:n]][token] for n, token in enumerate(path)]
            closing = after[path][list(paths.closers[label])].logsumexp(0)
            scores.append(torch.stack([*steps, closing]).sum())
        normalised = torch.stack(scores).double().log_softmax(0)
        scored.append(dict(zip(paths.paths, normalised.tolist(), strict=True)))
    return scored
