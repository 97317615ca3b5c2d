"""Random cue sheets, labels and verdicts for property tests, the same for the same seed."""

import random
from collections.abc import Iterator

from affect_llm.cues.catalogue import kinds
from affect_llm.cues.face.family import ACTION_UNITS
from affect_llm.cues.kinds import EMOTIONS
from affect_llm.labels.sets import SETS
from affect_llm.types import Baseline, Cue, CueSheet, Modality, TimeSpan

TEXTS = (
    "I can't believe it!",
    "Thank you so much, this is the best day ever.",
    "Oh no, I lost the keys again.",
    "Leave me alone.",
    "We should meet at the station at five.",
    "He said he was never going to call me back, and then he did, can you believe that?",
    "Okay.",
    'She said "maybe" and left \u2013 just like that.',
)
PROSODY = sorted(name for name, kind in kinds().items() if kind.family == "prosody")
_BASE = Baseline(kind="norm", mean=100, sd=10, source="test")
_POSES = ("head.yaw", "head.pitch", "head.roll")


def make_cue(id_: str, name: str, value: float | str, start_s: float, end_s: float) -> Cue:
    kind = kinds()[name]
    return Cue(
        id=id_,
        modality=kind.modality,
        family=kind.family,
        name=name,
        value=value,
        unit=kind.unit,
        span=TimeSpan(start_s=start_s, end_s=end_s),
        confidence=0.9,
        baseline=_BASE if kind.relative else None,
        source="test@1",
    )


def _face(rng: random.Random) -> Iterator[tuple[str, float | str]]:
    for au in rng.sample(sorted(ACTION_UNITS), rng.randint(3, 7)):
        yield au, round(rng.choice([0.0, 0.3, rng.uniform(0, 5), rng.uniform(1, 4)]), 1)
    for emotion in rng.sample(EMOTIONS, 3):
        yield f"face.{emotion}", round(rng.random(), 2)
    yield "gaze.averted", rng.random()
    yield rng.choice(_POSES), rng.uniform(-35, 35)
    yield "blink.rate", 100 + rng.gauss(0, 13)


def _voice(rng: random.Random) -> Iterator[tuple[str, float | str]]:
    for name in rng.sample(PROSODY, rng.randint(2, 8)):
        yield name, 100 + rng.gauss(0, 13)
    yield "voice.arousal", round(rng.uniform(-1, 1), 2)
    yield "voice.valence", round(rng.uniform(-1, 1), 2)
    for emotion in rng.sample(EMOTIONS, 3):
        yield f"voice.{emotion}", round(rng.random(), 2)


def _words(rng: random.Random) -> Iterator[tuple[str, float | str]]:
    for text in rng.sample(TEXTS, rng.choice((1, 1, 2))):
        yield "words", text


_PARTS = {"F": _face, "V": _voice, "T": _words}


def random_sheet(rng: random.Random, letters: str) -> CueSheet:
    end = round(rng.uniform(1, 6), 1)
    cues = [
        make_cue(f"{letter}{n}", name, value, round(rng.uniform(0, end / 2), 1), end)
        for letter in letters
        for n, (name, value) in enumerate(_PARTS[letter](rng), start=1)
    ]
    return CueSheet(cues=tuple(cues))


def random_clip(rng: random.Random) -> tuple[CueSheet, str, dict[Modality, str]]:
    """A sheet, a label of some shipped set, and verdicts that agree with it or do not."""
    sheet = random_sheet(rng, rng.choice(("F", "V", "T", "FV", "FT", "VT", "FVT", "FVT")))
    label = rng.choice(rng.choice(list(SETS.values())))
    modalities = sorted({cue.modality for cue in sheet.cues})
    agree = {m: rng.random() < 0.7 for m in modalities}
    return sheet, label, {m: label if agree[m] else rng.choice(SETS["ekman7"]) for m in modalities}
