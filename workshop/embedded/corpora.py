"""The texts that the embedded reasoner learns from, under the label set of their corpus."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from affect_llm.datasets.registry import DATASETS
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

_CORPORA = {
    "meld": ("meld", "meld7", "train"),
    "goemotions": ("goemotions", "goemotions28", "train"),
    "dailydialog": ("dailydialog_reccon", "dailydialog7", "train"),
    "isear": ("isear", "isear7", "train"),
    "xed": ("xed", "plutchik8", "train"),
    "emotiontalk": ("emotiontalk_zh", "emotiontalk7", "train"),
}
"""By reader: folder of the kit's text part, label set and split."""
_MAX_CHARS = 400


@dataclass(frozen=True, slots=True)
class TextItem:
    """A text with the labels people gave it (several for multi-label corpora).

    Args:
        corpus: name of its reader.
        label_set: name in `labels.sets`.
        part: "train" or "validation"; whole groups (dialogues, respondents) on one side.
    """

    text: str
    labels: tuple[str, ...]
    corpus: str
    label_set: str
    language: str
    part: str


def read_corpora(text_root: Path) -> list[TextItem]:
    """Every training text under `text_root`, one twentieth of the groups set apart as validation.

    MELD's dev part is the project's test: it is not read, and no text of another corpus that
    equals one of its utterances of five words or more is kept.

    Raises:
        DataError: a corpus is missing or not laid out as documented.
    """
    held_out = {_key(s.text) for s in DATASETS.get("meld")(text_root / "meld", "dev", None)}
    return [
        item
        for corpus in _CORPORA
        for item in _read(corpus, text_root)
        if len(_key(item.text).split()) < 5 or _key(item.text) not in held_out
    ]


def _read(corpus: str, text_root: Path) -> Iterator[TextItem]:
    folder, label_set, split = _CORPORA[corpus]
    groups: dict[str, int] = {}
    for sample in DATASETS.get(corpus)(text_root / folder, split, None):
        labels = _labels(sample)
        if not sample.text or not labels or not set(labels) <= set(SETS[label_set]):
            continue
        index = groups.setdefault(sample.group, len(groups))
        yield TextItem(
            text=sample.text[:_MAX_CHARS],
            labels=labels,
            corpus=corpus,
            label_set=label_set,
            language=str(
                sample.annotations.get("language", "zh" if corpus == "emotiontalk" else "en")
            ),
            part="validation" if index % 20 == 7 else "train",
        )


def _labels(sample: Sample) -> tuple[str, ...]:
    several = sample.annotations.get("emotions")
    if isinstance(several, (list, tuple)):
        return tuple(str(label) for label in several)
    return (str(sample.annotations["emotion"]),)


def _key(text: str | None) -> str:
    return " ".join(re.findall(r"\w+", (text or "").lower()))
