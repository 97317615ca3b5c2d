"""A cue as one line of a prompt, and that line as a cue again.

    F3 face AU12 lip corner puller | marked | 3.1 FACS 0-5 | 0.4-2.8s
    V2 prosody pitch.mean pitch | high | +1.6 sd, 231 Hz | 0.0-3.2s
    V7 voice voice.anger anger in the voice | likely | 0.71 | 0.0-3.2s
    T1 words | "I can't believe it!" | 0.0-2.1s

With several people a tag follows the id ("F3 [P1] face …"); a measurement that is itself doubtful
says so at the end ("| confidence 0.4"). Words are JSON strings with `<`, `>` and non-printing
characters escaped, so nothing said in a clip can close the fence or imitate a line.
"""

import json
import re

from affect_llm.cues.catalogue import kind_of, word_of
from affect_llm.cues.kinds import CueKind
from affect_llm.errors import ParseFailure
from affect_llm.types import Cue, Model, TimeSpan

DOUBTFUL_BELOW = 0.5
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


def kind_phrase(kind: CueKind) -> str:
    """How a kind is introduced: family, name and phrase; just the family for quoted kinds."""
    return kind.family if kind.scale is None else f"{kind.family} {kind.name} {kind.phrase}"


def render_cue(cue: Cue) -> str:
    """The cue's line, without a line break."""
    kind = kind_of(cue.name)
    person = f"[{cue.person}] " if cue.person else ""
    span = f"{cue.span.start_s:.1f}-{cue.span.end_s:.1f}s"
    doubt = f" | confidence {cue.confidence:.1f}" if cue.confidence < DOUBTFUL_BELOW else ""
    return f"{cue.id} {person}{kind_phrase(kind)} | {_body(cue, kind)} | {span}{doubt}"


def _body(cue: Cue, kind: CueKind) -> str:
    if isinstance(cue.value, str):
        return quote(cue.value)
    number = kind.measured_in.in_line(cue.value)
    word = word_of(cue) or "no baseline"
    if cue.deviation is not None and kind.relative:
        return f"{word} | {cue.deviation:+.1f} sd, {number}"
    return f"{word} | {number}"


def quote(text: str) -> str:
    """`text` as a JSON string that holds no `<`, `>`, `|`, line break or invisible character."""
    spaced = " ".join(text.split())
    quoted = json.dumps(spaced, ensure_ascii=False)
    return "".join(
        c if c.isprintable() and c not in "<>|" else f"\\u{ord(c):04x}"
        for c in quoted
        if ord(c) < 0x10000 or c.isprintable()
    )


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
