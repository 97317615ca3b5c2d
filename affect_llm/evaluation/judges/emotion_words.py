"""A reasoner lists the emotions that a text names, for label overlap."""

import re
from collections.abc import Iterable

from affect_llm.errors import ParseFailure
from affect_llm.evaluation.judges.procedure import WORDS, prompt_of
from affect_llm.evaluation.judges.replies import Asker, Reply
from affect_llm.evaluation.judges.verdicts import json_object, refuse_unasked
from affect_llm.prompting.cue_line import quote
from affect_llm.prompting.files import prompt_file

MAX_WORDS = 8
_LIST = re.compile(r"\[([^\[\]]*)\]")


def words_schema() -> dict[str, object]:
    """`affect-llm/emotion-words@1`."""
    words = {
        "type": "array",
        "items": {"type": "string", "pattern": "^[a-z][a-z -]{1,23}$"},
        "maxItems": MAX_WORDS,
    }
    return {
        "type": "object",
        "properties": {"words": words},
        "required": ["words"],
        "additionalProperties": False,
    }


def ask_words(asker: Asker, texts: Iterable[str]) -> dict[str, Reply]:
    """A reply per text that asks for the emotions in it; each text is asked once."""
    distinct = list(dict.fromkeys(texts))
    file = prompt_file(WORDS)
    prompts = [prompt_of(file, {"text": quote(text)}, words_schema()) for text in distinct]
    return dict(zip(distinct, asker.ask(prompts), strict=True))


def read_words(reply: Reply) -> tuple[str, ...]:
    """The words in a reply, lower case, each once: the JSON asked for, or one bracketed list.

    Raises:
        ParseFailure: there is no list, or more than one.
    """
    refuse_unasked(reply)
    found = json_object(reply.text)
    if found is not None:
        words = found.get("words")
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ParseFailure("no list of words in the answer")
        return _plain(words)
    lists = _LIST.findall(reply.text)
    if len(lists) != 1:
        raise ParseFailure("no list of words in the reply")
    return _plain(lists[0].split(","))


def _plain(words: Iterable[str]) -> tuple[str, ...]:
    cleaned = (word.strip(" \t\r\n'\"‘’“”.").lower() for word in words)
    return tuple(dict.fromkeys(word for word in cleaned if word))
