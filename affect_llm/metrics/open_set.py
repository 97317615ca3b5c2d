"""Lists of emotion labels out of what models and label files print."""

import re
import unicodedata
from typing import Literal

from affect_llm.labels.official.label_text import label_list

Rules = Literal["official", "robust"]

_BRACKETED = re.compile(r"\[(.*)\]", re.DOTALL)
_BETWEEN = re.compile(r"[,;、|/\n&]|\band\b", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:\d+[.)]\s*|[-*•]\s+)")
_AROUND = " \t\r\n.。!?:*`'\"‘’“”[](){}"


def parse_labels(text: object, rules: Rules = "official") -> list[str]:
    """The labels in a string such as "[happy, sad]", in order, repeats kept.

    "official" follows the published evaluators to the letter (see `label_list`): only a bracket
    at the very start or end is dropped, apostrophes separate, ";" and full-width commas do not,
    and a list is returned as it is. On "[" the published code stops with an error; here it holds
    no labels.

    "robust" reads what was meant: lists in JSON or Python notation, text around the brackets or
    a dot after them, semicolons, slashes, line breaks, numbered or bulleted lines, "and",
    full-width punctuation; an apostrophe inside a word stays ("don't care").

    Args:
        text: a string, a list or array of words, None or NaN.
        rules: "official" or "robust".

    Raises:
        DataError: `text` is none of these.
    """
    if rules == "official":
        return label_list(text)
    if not isinstance(text, str):
        return [label for item in label_list(text) for label in parse_labels(item, "robust")]
    text = unicodedata.normalize("NFKC", text)
    bracketed = _BRACKETED.search(text)
    inner = bracketed.group(1) if bracketed else text
    pieces = (_BULLET.sub("", piece).strip(_AROUND) for piece in _BETWEEN.split(inner))
    return [piece for piece in pieces if piece]
