"""Who may learn from which FER2013 picture: decided by a hash of its id, for good."""

from hashlib import sha256

from affect_llm.datasets.fer2013 import split_of

__all__ = ["fold_of", "split_of"]


def fold_of(image_id: int, folds: int) -> int:
    """The cross-validation fold, 0 to `folds` - 1, of a picture; independent of `split_of`."""
    digest = sha256(f"fold:{image_id}".encode()).digest()
    return int(int.from_bytes(digest[:8], "big") / 2**64 * folds)
