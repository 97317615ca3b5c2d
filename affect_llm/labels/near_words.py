"""Words that people use for each emotion beside its name; for open labels."""

from affect_llm.labels.canonical import canonical

_WORDS: dict[str, tuple[str, ...]] = {
    "anger": ("annoyed", "irritated", "frustrated", "indignant"),
    "boredom": ("bored", "weary", "indifferent"),
    "calm": ("relaxed", "peaceful", "composed", "serene"),
    "disgust": ("repelled", "contemptuous", "averse"),
    "fear": ("worried", "anxious", "nervous", "alarmed"),
    "happiness": ("cheerful", "pleased", "delighted", "amused"),
    "neutral": ("matter-of-fact", "composed", "even"),
    "sadness": ("downcast", "disappointed", "dejected", "sorrowful"),
    "surprise": ("astonished", "startled", "amazed"),
}


def near_words(label: str) -> tuple[str, ...]:
    """Other words for a label's emotion; empty when it has no canonical one."""
    return _WORDS.get(canonical(label) or "", ())
