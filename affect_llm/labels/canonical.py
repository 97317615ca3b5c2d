"""One name per emotion: how labels of different sets, and the heads' scores, correspond."""

_ALIASES: dict[str, tuple[str, ...]] = {
    "anger": ("angry", "mad", "annoyance", "annoyed", "rage", "furious"),
    "boredom": ("bored",),
    "calm": ("calmness", "peaceful", "relaxed"),
    "disgust": ("disgusted", "revulsion"),
    "fear": ("fearful", "scared", "afraid", "worried", "anxiety", "nervousness"),
    "happiness": ("happy", "joy", "joyful", "amusement", "excitement", "delight"),
    "neutral": (),
    "sadness": ("sad", "grief", "sorrow", "disappointment"),
    "surprise": ("surprised", "astonishment", "amazed"),
}
_CANONICAL = {alias: name for name, aliases in _ALIASES.items() for alias in (name, *aliases)}


def canonical(label: str) -> str | None:
    """The canonical emotion a label stands for ("joy" → "happiness"); None when it has none."""
    return _CANONICAL.get(label.strip().lower())
