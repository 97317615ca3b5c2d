"""Sheets of random values over the whole catalogue, so that the tokenizer meets every word.

They say nothing true of anybody: only the tokenizer is trained on them, never the model.
"""

import random
from collections.abc import Iterator, Sequence

from affect_llm.cues.catalogue import kinds, number_cues
from affect_llm.cues.extractor import Extraction
from affect_llm.cues.kinds import CueKind
from affect_llm.labels.sets import SETS
from affect_llm.prompting.reason import reason_prompt
from affect_llm.prompting.salience import select_cues
from affect_llm.training.gold_answer import write_answer
from affect_llm.types import Baseline, CueSheet, Measurement, Modality, TimeSpan

_SETS = ("ekman7", "fer7", "ravdess8")
_MODALITIES = (Modality.AUDIO, Modality.VISUAL, Modality.TEXT)


def drill(texts: Sequence[str], count: int, rng: random.Random) -> Iterator[str]:
    """`count` filled prompts, each with a whole answer."""
    for _ in range(count):
        cues = select_cues(_random_sheet(texts, rng))
        if not cues:
            continue
        sheet = CueSheet(cues=cues)
        labels = SETS[rng.choice(_SETS)]
        yield reason_prompt(sheet, labels).messages[-1].content
        present = [m for m in _MODALITIES if any(cue.modality is m for cue in cues)]
        verdicts = {m: rng.choice(labels) for m in present}
        yield write_answer(sheet, rng.choice(labels), verdicts, rng)


def _random_sheet(texts: Sequence[str], rng: random.Random) -> CueSheet:
    modalities = rng.sample(_MODALITIES, k=rng.randint(1, 3))
    drawn = [k for k in kinds().values() if k.modality in modalities and rng.random() > 0.3]
    return number_cues([Extraction(tuple(_random_cue(kind, texts, rng) for kind in drawn))])


def _random_cue(kind: CueKind, texts: Sequence[str], rng: random.Random) -> Measurement:
    start, end = sorted((rng.uniform(0, 12), rng.uniform(0, 12)))
    sd = rng.choice((1.0, 5.0, 40.0))
    return Measurement(
        modality=kind.modality,
        family=kind.family,
        name=kind.name,
        value=_random_value(kind, sd, texts, rng),
        unit=kind.unit,
        span=TimeSpan(start_s=start, end_s=end),
        confidence=1.0,
        baseline=Baseline(kind="norm", mean=0, sd=sd, source="drill") if kind.relative else None,
        source="drill",
    )


def _random_value(
    kind: CueKind, sd: float, texts: Sequence[str], rng: random.Random
) -> float | str:
    if kind.scale is None:
        return rng.choice(texts) if kind.name == "words" else "office"
    if kind.relative:
        return rng.gauss(0, 1.3) * sd
    if kind.unit == "deg":
        return rng.gauss(0, 15)
    if kind.unit == "-1..1":
        return rng.uniform(-1, 1)
    return rng.uniform(0, 5) if kind.unit == "FACS 0-5" else rng.random() ** 2
