"""Texts that are nothing but a list of labels: JSON, a printed list, words between commas."""

import json
import re
from collections.abc import Iterator

_ITEM = re.compile(r"[^\s,;/|\[\]{}\"][^,;/|\[\]{}\"]*")
# What stands before a list ("Emotions:") is short; a longer run of words is a sentence.
_PRINTED = re.compile(r"\s*(?:[^\W\d][\w \-]{0,40}[:=]\s*)?\[[^\[\]{}]*\][.。]?\s*")
_PREFIX = re.compile(r"\s*[^\W\d][\w \-]{0,40}:\s*")
_LEADING = re.compile(r"(?:and|or|und|oder|et|ou|y|o|e|ed|и|和|与|及)\s+")
_JSON_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?')
_LONGEST_CHINESE = 4
"""Most characters of an item in Chinese, whose emotion words nearly all have two to four."""

Span = tuple[int, int]


def listed_items(text: str, unspaced: bool) -> list[Span] | None:
    """Where the items of a list stand in folded text; None if it is no list.

    Args:
        text: folded.
        unspaced: the language writes without spaces, so that length tells prose from words.
    """
    if text.lstrip().startswith("{"):
        return _of_object(text)
    if _PRINTED.fullmatch(text):
        start, end = text.index("[") + 1, text.rindex("]")
        return list(_items(text, start, end))
    prefix = _PREFIX.match(text)
    start = prefix.end() if prefix else 0
    body = text[start:].strip().rstrip(".")
    if not body or re.search(r"[.!?:]", body):
        return None
    items = list(_items(text, start, start + len(text[start:].rstrip(" ."))))
    if len(items) < 2 and prefix is None and (unspaced or " " in body):
        return None
    if unspaced:
        short = all(end - start <= _LONGEST_CHINESE for start, end in items)
    else:  # a label may have two words ("very happy"); three begin to be a sentence
        short = all(len(text[start:end].split()) <= 2 for start, end in items)
    return items if short else None


def _of_object(text: str) -> list[Span] | None:
    """Strings of lists in a JSON object, and single ones under a key about emotion; or None."""
    try:
        document = json.loads(text)
    except ValueError:
        return None
    values = {value for value in _strings(document, "") if value.strip()}
    written = [m.span(1) for m in _JSON_STRING.finditer(text) if not m[2]]
    return [span for span in written if text[slice(*span)] in values] or None


def _strings(value: object, key: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _strings(inner, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from [inner] if isinstance(inner, str) else _strings(inner, key)
    elif isinstance(value, str) and re.search("emotion|label|feeling|mood|state", key):
        yield value


def _items(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _ITEM.finditer(text, start, end):
        inner = match[0].strip(" '.")
        if not inner:
            continue
        first = match.start() + match[0].index(inner)
        leading = _LEADING.match(inner)
        skip = leading.end() if leading and leading.end() < len(inner) else 0
        yield first + skip, first + len(inner)
