"""A line of a prompt as a cue again, to show that nothing said in a clip can imitate one."""

import json
import re

from affect_llm.cues.catalogue import kind_of
from affect_llm.cues.kinds import CueKind
from affect_llm.errors import ParseFailure
from affect_llm.prompting.cue_line import kind_phrase
from affect_llm.types import Model, TimeSpan

_LINE = re.compile(
    r"^(?P<id>[A-Z]\d+) (?:\[(?P<person>P\d+)\] )?(?P<kind>[^|\"]+?) \| (?P<body>.+) \| "
    r"(?P<start>\d+\.\d)-(?P<end>\d+\.\d)s(?: \| confidence (?P<confidence>\d\.\d))?$"
)


class CueLine(Model):
    """What a line says: the cue's id, kind, word, numbers (rounded as printed) and span."""

    id: str
    name: str
    person: str | None
    word: str | None
    value: float | str
    deviation: float | None
    span: TimeSpan
    confidence: float | None


def parse_cue_line(line: str) -> CueLine:
    """The cue that a line speaks of.

    Raises:
        ParseFailure: the line is not one that `render_cue` makes.
    """
    match = _LINE.match(line)
    if match is None:
        raise ParseFailure(f"This is not a cue line: {line[:80]!r}.")
    body = match["body"]
    kind = _kind(match["kind"], line)
    if kind.scale is None:
        word, value, deviation = None, json.loads(body), None
    else:
        word, value, deviation = _numbers(body, line)
    return CueLine(
        id=match["id"],
        name=kind.name,
        person=match["person"],
        word=word,
        value=value,
        deviation=deviation,
        span=TimeSpan(start_s=float(match["start"]), end_s=float(match["end"])),
        confidence=float(match["confidence"]) if match["confidence"] else None,
    )


def _kind(phrase: str, line: str) -> CueKind:
    parts = phrase.split(" ")
    kind = kind_of(parts[1] if len(parts) > 1 else parts[0])
    if kind_phrase(kind) != phrase:
        raise ParseFailure(f"This is not a cue line: {line[:80]!r}.")
    return kind


def _numbers(body: str, line: str) -> tuple[str | None, float, float | None]:
    found = re.match(r"^([a-z ]+) \| (?:([+-]\d+\.\d) sd, )?(-?\d+(?:\.\d+)?)", body)
    if found is None:
        raise ParseFailure(f"This is not a cue line: {line[:80]!r}.")
    word = None if found[1] == "no baseline" else found[1]
    return word, float(found[3]), float(found[2]) if found[2] else None
