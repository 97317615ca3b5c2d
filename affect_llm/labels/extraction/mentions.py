"""Where a text has words of the vocabulary: the longest that fit, from left to right."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from affect_llm.labels.emotion_words import EmotionVocabulary
from affect_llm.labels.emotion_words.table import Form

_TOKEN = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[ '\-]*")
_UNSPACED = frozenset({"zh"})


@dataclass(frozen=True, slots=True)
class WordMention:
    """A form of an emotion word and its place in the folded text."""

    form: Form
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Index:
    """Forms by their spaced-out writing, and how many units the longest with a beginning has."""

    forms: Mapping[str, Form]
    longest: Mapping[str, int]


def mentions_in(text: str, language: str) -> list[WordMention]:
    """Every mention in folded text; none overlaps another.

    The one that begins first wins, unless the next is as long and reaches further: in 不快乐 it is
    快乐 that is denied, not 不快.
    """
    unspaced = language in _UNSPACED
    units = [(m[0], m.start(), m.end()) for m in _units(text, unspaced)]
    index, glue = _index(language), "" if unspaced else " "
    mentions: list[WordMention] = []
    at = 0
    while at < len(units):
        mention, width = _longest_at(text, units, at, index, glue)
        if mention is not None and width > 1:
            after, wide = _longest_at(text, units, at + 1, index, glue)
            if after is not None and after.end > mention.end and wide >= width:
                mention, width = after, wide + 1
        if mention is not None:
            mentions.append(mention)
        at += width
    return mentions


def _units(text: str, unspaced: bool) -> Iterator[re.Match[str]]:
    return re.finditer(r"[^\W\d_]", text) if unspaced else _TOKEN.finditer(text)


def _longest_at(
    text: str, units: list[tuple[str, int, int]], at: int, index: _Index, glue: str
) -> tuple[WordMention | None, int]:
    if at >= len(units):
        return None, 1
    most = index.longest.get(units[at][0], 0)
    for width in range(min(most, len(units) - at), 0, -1):
        window = units[at : at + width]
        form = index.forms.get(glue.join(unit for unit, _, _ in window))
        close = (_GAP.fullmatch(text, left[2], right[1]) for left, right in pairwise(window))
        if form is not None and all(close):
            return WordMention(form, window[0][1], window[-1][2]), width
    return None, 1


@cache
def _index(language: str) -> _Index:
    glue = "" if language in _UNSPACED else " "
    forms: dict[str, Form] = {}
    longest: dict[str, int] = {}
    for written, form in EmotionVocabulary.own(language).forms.items():
        units = [m[0] for m in _units(written, language in _UNSPACED)]
        forms.setdefault(glue.join(units), form)
        longest[units[0]] = max(longest.get(units[0], 0), len(units))
    return _Index(forms, longest)
