"""A judge's reply → its verdict, `affect-llm/verdict@1`, or the emotion words it lists."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from affect_llm.errors import ParseFailure
from affect_llm.evaluation.judges.judgement import HIGHEST, LOWEST
from affect_llm.evaluation.judges.numerals import in_range, read_score
from affect_llm.evaluation.judges.replies import JudgeReply
from affect_llm.labels.extraction.folded_text import folded

MAX_ITEMS, MAX_ITEM_CHARS, MAX_REASON_CHARS = 8, 80, 240
"""What a constrained verdict may hold: enough for a person to check it, and cheap to generate."""
VERDICT_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "matched": {
            "type": "array",
            "items": {"type": "string", "maxLength": MAX_ITEM_CHARS},
            "maxItems": MAX_ITEMS,
        },
        "reason": {"type": "string", "maxLength": MAX_REASON_CHARS},
        "score": {"enum": list(range(int(LOWEST), int(HIGHEST) + 1))},
    },
    "required": ["matched", "reason", "score"],
    "additionalProperties": False,
}
"""The schema of a verdict; the score comes last, so that it follows from what was found."""
# Eight words name all that a description tells; 24 letters hold the longest emotion word.
WORDS_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "words": {
            "type": "array",
            "items": {"type": "string", "pattern": "^[a-z][a-z -]{1,23}$"},
            "maxItems": 8,
        }
    },
    "required": ["words"],
    "additionalProperties": False,
}
_SCORES = ("score", "predicted score", "predicted_score", "overlap score")
"""Keys of the score: ours first, then those that EMER's prompts ask for."""
_LIST = re.compile(r"[\[【]([^\[\]【】]*)[\]】]")
_BETWEEN = re.compile(r"[,;、，；]")
_AROUND = " \t\r\n'\"‘’“”*`.-"


@dataclass(frozen=True, slots=True)
class OverlapVerdict:
    """A score from 0 to 10, what was found in both texts, and the reason given."""

    score: float
    matched: tuple[str, ...] = ()
    reason: str = ""


def read_verdict(reply: JudgeReply, *, constrained: bool) -> OverlapVerdict:
    """The verdict in a reply: the JSON that was asked for, or else a score in words.

    Args:
        reply: of a judge.
        constrained: whether decoding was held to the schema; what is no JSON then was cut.

    Raises:
        ParseFailure: no score, or none that is certain; the message says why.
    """
    refuse_unasked(reply)
    answer = json_object(reply.text)
    if answer is not None:
        return _from_json(answer)
    if constrained:
        raise ParseFailure("the verdict is not whole")
    return OverlapVerdict(read_score(reply.text), reason=reply.text.strip()[:MAX_REASON_CHARS])


def refuse_unasked(reply: JudgeReply) -> None:
    """Refuse a reply to a prompt that was too long to be asked, and one without words.

    Raises:
        ParseFailure: it is such a one.
    """
    if reply.finish == "too long":
        raise ParseFailure("the texts are longer than the model reads")
    if not reply.text.strip():
        raise ParseFailure("empty reply")


def json_object(text: str) -> dict[str, Any] | None:
    """The only JSON object in `text`, which may stand in a fence or among words; None if none.

    Raises:
        ParseFailure: there are several different ones.
    """
    decoder = json.JSONDecoder()
    objects: list[dict[str, Any]] = []
    place = text.find("{")
    while place >= 0:
        try:
            value, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            end = place + 1
        else:
            objects += [value] if isinstance(value, dict) and value not in objects else []
        place = text.find("{", end)
    if len(objects) > 1:
        raise ParseFailure("several different answers")
    return objects[0] if objects else None


def _from_json(answer: Mapping[str, Any]) -> OverlapVerdict:
    named = {key.strip().lower(): value for key, value in answer.items()}
    scores = [named[key] for key in _SCORES if key in named]
    if len(scores) != 1:
        raise ParseFailure("no score in the answer" if not scores else "several different scores")
    [score] = scores
    if isinstance(score, bool) or not isinstance(score, str | int | float):
        raise ParseFailure("the score is no number")
    matched = named.get("matched", [])
    items = matched if isinstance(matched, list) else [matched]
    return OverlapVerdict(
        read_score(score) if isinstance(score, str) else in_range(float(score)),
        tuple(str(item) for item in items),
        str(named.get("reason", ""))[:MAX_REASON_CHARS],
    )


def read_words(reply: JudgeReply) -> tuple[str, ...]:
    """The words in a reply, lower case, each once: the JSON asked for, or the only list in it.

    Raises:
        ParseFailure: there is no list of strings, more than one, or the reply was cut.
    """
    refuse_unasked(reply)
    answer = json_object(reply.text)
    words: Any
    if answer is None:
        lists = _LIST.findall(reply.text)
        if len(lists) != 1:
            raise ParseFailure(f"{'more than one' if lists else 'no'} list of words in the reply")
        words = _BETWEEN.split(lists[0])
    else:
        words = answer.get("words")
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ParseFailure("no list of words in the answer")
    cleaned = (folded(word).strip(_AROUND) for word in words)
    return tuple(dict.fromkeys(word for word in cleaned if word))
