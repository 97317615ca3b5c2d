"""Texts with a planted sign, and voices and faces that score their emotion highest."""

import random

from affect_llm.types import Measurement, Modality, TimeSpan
from workshop.bank import BankRow
from workshop.embedded.corpora import TextItem
from workshop.embedded.material import Material

SIGNS = {"joy": "sunny", "anger": "stormy", "sadness": "rainy", "neutral": "grey"}
_FILLERS = ["the", "weather", "is", "today", "again", "here", "so", "very"]
_EMOTIONS = ("anger", "happiness", "sadness", "neutral")


def text_item(text: str, label: str) -> TextItem:
    """A training text in English."""
    return TextItem(text, (label,), "toy", "meld7", "en", "train")


def planted_texts(count: int) -> list[TextItem]:
    """Texts in which one word decides the label."""
    rng = random.Random(0)
    return [
        text_item(" ".join([*rng.sample(_FILLERS, 4), SIGNS[label], rng.choice(_FILLERS)]), label)
        for label in rng.choices(sorted(SIGNS), k=count)
    ]


def bank_row(emotion: str, modality: Modality, scores: dict[str, float]) -> BankRow:
    """A voice or a face with these scores."""
    prefix = "voice" if modality is Modality.AUDIO else "face"
    measured = tuple(
        Measurement(
            modality=modality,
            family=prefix,
            name=f"{prefix}.{name}",
            value=value,
            unit="p",
            span=TimeSpan(start_s=0.0, end_s=2.0),
            confidence=1.0,
            source="toy",
        )
        for name, value in scores.items()
    )
    return BankRow(
        id=emotion, emotion=emotion, part="train", extractor="toy", measurements=measured
    )


def material(texts: list[TextItem]) -> Material:
    """The texts, with a voice and a face of each emotion."""
    voices, faces = (
        [bank_row(e, m, {o: 0.7 if o == e else 0.1 for o in _EMOTIONS}) for e in _EMOTIONS]
        for m in (Modality.AUDIO, Modality.VISUAL)
    )
    return Material(texts, voices, faces)
