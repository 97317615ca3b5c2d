"""A list of words as a reasoner's whole answer: its schema, and reading what came instead."""

import re
from collections.abc import Iterable

from affect_llm.errors import ParseFailure
from affect_llm.evaluation.judges.replies import JudgeReply
from affect_llm.evaluation.judges.verdicts import json_object, refuse_unasked
from affect_llm.labels.extraction.folded_text import folded

_LIST = re.compile(r"[\[【]([^\[\]【】]*)[\]】]")
_BETWEEN = re.compile(r"[,;、，；]")
_AROUND = " \t\r\n'\"‘’“”*`.-"


def word_list_schema(key: str, most: int, longest: int) -> dict[str, object]:
    """An object whose only member `key` lists up to `most` words of up to `longest` letters."""
    words = {
        "type": "array",
        "items": {"type": "string", "pattern": f"^[a-z][a-z -]{{1,{longest - 1}}}$"},
        "maxItems": most,
    }
    return {
        "type": "object",
        "properties": {key: words},
        "required": [key],
        "additionalProperties": False,
    }


def read_word_list(reply: JudgeReply, key: str) -> tuple[str, ...]:
    """The words in a reply, lower case, each once: the JSON asked for, or the only list in it.

    Raises:
        ParseFailure: there is no list of strings, more than one, or the reply was cut.
    """
    refuse_unasked(reply)
    answer = json_object(reply.text)
    if answer is not None:
        words = answer.get(key)
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ParseFailure(f"no list of {key} in the answer")
        return _plain(words)
    lists = _LIST.findall(reply.text)
    if len(lists) != 1:
        raise ParseFailure(f"{'more than one' if lists else 'no'} list of {key} in the reply")
    return _plain(_BETWEEN.split(lists[0]))


def _plain(words: Iterable[str]) -> tuple[str, ...]:
    cleaned = (folded(word).strip(_AROUND) for word in words)
    return tuple(dict.fromkeys(word for word in cleaned if word))
