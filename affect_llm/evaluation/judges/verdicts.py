"""A judge's reply → its verdict, `affect-llm/verdict@1`: what matches, why, and the score."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from affect_llm.errors import ParseFailure
from affect_llm.evaluation.judges.judgement import HIGHEST, LOWEST
from affect_llm.evaluation.judges.numerals import in_range, read_score
from affect_llm.evaluation.judges.replies import JudgeReply

MAX_ITEMS, MAX_ITEM_CHARS, MAX_REASON_CHARS = 8, 80, 240
"""What a constrained verdict may hold: enough for a person to check it, and cheap to generate."""
_SCORES = ("score", "predicted score", "predicted_score", "overlap score")
"""Keys of the score: ours first, then those that EMER's prompts ask for."""


@dataclass(frozen=True, slots=True)
class OverlapVerdict:
    """A score from 0 to 10, what was found in both texts, and the reason given."""

    score: float
    matched: tuple[str, ...] = ()
    reason: str = ""


def verdict_schema() -> dict[str, object]:
    """The schema of a verdict; the score comes last, so that it follows from what was found."""
    return {
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
    matched = named.get("matched", [])
    items = matched if isinstance(matched, list) else [matched]
    return OverlapVerdict(
        _number(scores[0]),
        tuple(str(item) for item in items),
        str(named.get("reason", ""))[:MAX_REASON_CHARS],
    )


def _number(value: object) -> float:
    if isinstance(value, str):
        return read_score(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ParseFailure("the score is no number")
    return in_range(float(value))
