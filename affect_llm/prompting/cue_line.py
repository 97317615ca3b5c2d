"""A cue as one line of a prompt.

    F3 face AU12 lip corner puller | marked | 3.1 FACS 0-5 | 0.4-2.8s
    V2 prosody pitch.mean pitch | high | +1.6 sd, 231 Hz | 0.0-3.2s
    V7 voice voice.anger anger in the voice | likely | 0.71 | 0.0-3.2s
    T1 words | "I can't believe it!" | 0.0-2.1s

With several people a tag follows the id ("F3 [P1] face …"); a measurement that is itself doubtful
says so at the end ("| confidence 0.4"). Words are JSON strings with `<`, `>` and non-printing
characters escaped, so nothing said in a clip can close the fence or imitate a line.
"""

import json

from affect_llm.cues.catalogue import kind_of, word_of
from affect_llm.cues.kinds import CueKind
from affect_llm.types import Cue

DOUBTFUL_BELOW = 0.5
"""A measurement that is more likely wrong than right is marked as doubtful."""


def kind_phrase(kind: CueKind) -> str:
    """How a kind is introduced: family, name and phrase; just the family for quoted kinds."""
    return kind.family if kind.scale is None else f"{kind.family} {kind.name} {kind.phrase}"


def render_cue(cue: Cue) -> str:
    """The cue's line, without a line break."""
    kind = kind_of(cue.name)
    person = f"[{cue.person}] " if cue.person else ""
    span = f"{cue.span.start_s:.1f}-{cue.span.end_s:.1f}s"
    doubt = f" | confidence {cue.confidence:.1f}" if cue.confidence < DOUBTFUL_BELOW else ""
    if isinstance(cue.value, str):
        body = quote(cue.value)
    else:
        sd = f"{cue.deviation:+.1f} sd, " if cue.deviation is not None and kind.relative else ""
        body = f"{word_of(cue) or 'no baseline'} | {sd}{kind.measured_in.in_line(cue.value)}"
    return f"{cue.id} {person}{kind_phrase(kind)} | {body} | {span}{doubt}"


def quote(text: str) -> str:
    """`text` as a JSON string that holds no `<`, `>`, `|`, line break or invisible character."""
    quoted = json.dumps(" ".join(text.split()), ensure_ascii=False)
    # JSON's four digits end at 0xFFFF; an invisible character beyond has no short escape and goes.
    return "".join(
        c if c.isprintable() and c not in "<>|" else f"\\u{ord(c):04x}"
        for c in quoted
        if ord(c) < 0x10000 or c.isprintable()
    )
