"""Emotion labels out of free text, in any of our languages."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from affect_llm.errors import ConfigError
from affect_llm.labels.emotion_words import EmotionVocabulary
from affect_llm.labels.emotion_words.table import LANGUAGES
from affect_llm.labels.extraction.extraction import Label, LabelExtraction, SetAside
from affect_llm.labels.extraction.folded_text import folded
from affect_llm.labels.extraction.language import detected_language, written_in
from affect_llm.labels.extraction.listed import listed_items
from affect_llm.labels.extraction.mention_filter import verdicts
from affect_llm.labels.extraction.mentions import mentions_in
from affect_llm.labels.extraction.rule_book import rule_book

_SENTENCE = re.compile(
    r"(?:[^.!?。！？\n]|[.!?](?=[^\s.!?\"'”’)\]]))+[.!?。！？]*[\"'”’)\]]*|[.!?。！？\n]+"
)
_LONGEST = 600
"""Characters after which what has no end is cut, so that the rules stay linear in the text."""
# How strong a feeling a text tells of, from 0 to 1. The numbers are our judgement.
_STRENGTHS = {1: 0.4, 2: 0.6, 3: 0.8}
_WEAKER, _STRONGER, _HEDGED = 0.6, 1.25, 0.7
_ALONE = 0.6
"""The strength of a label in a list, where nothing softens it: that of a middling word."""


def extract_labels(text: str, language: str | None = None) -> LabelExtraction:
    """Emotions that a text gives, by rules; the same text always gives the same.

    It reads a list of labels as such, and anything else as prose about what people show. In prose
    a label is what somebody in the clip is taken to feel or show, now or in its course: denied,
    asked, supposed or overruled ones are set aside with the reason (`Reason`). What is only
    guessed counts, with less strength.

    Args:
        text: one answer or explanation, of any length; linear in it.
        language: two letters; None to tell from the text.

    Raises:
        ConfigError: a language without words.
    """
    if language is not None and language not in LANGUAGES:
        raise ConfigError(
            f"There are no emotion words for the language '{language}'. "
            f"Choose one of {', '.join(LANGUAGES)}, or none to tell it from the text."
        )
    composed = unicodedata.normalize("NFC", text)
    matched = folded(composed)
    spoken = language or detected_language(matched)
    items = listed_items(matched, unspaced=spoken == "zh")
    if items is not None:
        return _of_list(composed, matched, items, spoken)
    judged: list[Label | SetAside] = []
    for start, end in _sentences(composed):
        sentence = matched[start:end]
        # A sentence without one letter of the text's script is in another language.
        other = not written_in(sentence, spoken)
        tongue = detected_language(sentence) if other else spoken
        judged += _judged(sentence, start, composed, tongue)
    return _sorted(composed, spoken, judged, ())


def _sorted(
    text: str, language: str, judged: Sequence[Label | SetAside], unknown: Sequence[str]
) -> LabelExtraction:
    labels = tuple(one for one in judged if isinstance(one, Label))
    aside = tuple(one for one in judged if isinstance(one, SetAside))
    return LabelExtraction(text, language, labels, aside, tuple(unknown))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Sentences; what has no end in sight is cut at a space, so that work stays linear."""
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        while end - start > _LONGEST:
            space = text.rfind(" ", start + 1, start + _LONGEST)
            cut = space if space > start else start + _LONGEST
            yield start, cut
            start = cut
        yield start, end


def _judged(sentence: str, start: int, text: str, language: str) -> Iterator[Label | SetAside]:
    """Labels and words set aside of one sentence; `start` is its place in `text`."""
    mentions = mentions_in(sentence, language)
    if not mentions:
        return
    rules = rule_book(language)
    masked, judged = verdicts(sentence, mentions, rules)
    for mention, reason in judged:
        word, (first, last) = mention.form.word, (mention.start + start, mention.end + start)
        if reason is not None:
            yield SetAside(word, text[first:last], first, last, reason)
            continue
        # Its strength comes of its word, of what softens it, and of how sure the text is.
        before, strength = masked[: mention.start], _STRENGTHS[word.strength]
        if rules.weaker.search(before):
            strength *= _WEAKER
        elif rules.stronger.search(before):
            strength *= _STRONGER
        if rules.hedged.search(before):
            strength *= _HEDGED
        yield Label(word, text[first:last], first, last, round(min(1.0, strength), 3))


def _of_list(
    text: str, matched: str, items: list[tuple[int, int]], language: str
) -> LabelExtraction:
    """Each item is a label of any language, or prose of its own ("not relaxed"), or unknown."""
    judged: list[Label | SetAside] = []
    unknown: list[str] = []
    for start, end in items:
        item = matched[start:end]
        form = EmotionVocabulary.own(language).form(item) or EmotionVocabulary.own().form(item)
        if form is not None:
            judged.append(Label(form.word, text[start:end], start, end, _ALONE))
        elif inner := list(_judged(item, start, text, language)):
            judged += inner
        else:
            unknown.append(text[start:end])
    return _sorted(text, language, judged, unknown)
