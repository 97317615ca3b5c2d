"""Damage on purpose, seeded: whole modalities, single pieces, stretches of time, noise.

The protocols of missing data are those that CIDer evaluates (Zhong et al. 2025, arXiv 2506.10452):
RMM leaves out whole modalities, RMFM single pieces of all of them at one rate, STMFM a block of
time. What is left out is not there, with a reason; it is never zeros, as it is in CIDer's code.
Every function takes a generator and gives the same again for the same state of it.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from affect_llm.types import Absence, Cue, CueSheet, Features, Modality, Model, TimeSpan

GAP = "…"
"""Stands where words of a text were left out, however many."""


class Damage(Model):
    """How much is left out of a clip.

    Args:
        modalities: probability that a modality is left out as a whole; one always stays.
        tokens: probability that a cue, a word or a row of features is.
        occlusion: share of the clip's time that is hidden in one block.
        noise: standard deviation of the noise on features, in units of each number's spread.
    """

    modalities: float = Field(default=0.0, ge=0, le=1)
    tokens: float = Field(default=0.0, ge=0, le=1)
    occlusion: float = Field(default=0.0, ge=0, le=1)
    noise: float = Field(default=0.0, ge=0)


def damaged(
    sheet: CueSheet, clip: Mapping[str, Features], damage: Damage, rng: np.random.Generator
) -> tuple[CueSheet, dict[str, Features]]:
    """Cues and features of one clip, both without the same modalities and the same time.

    Args:
        sheet: of the clip.
        clip: features by track; may be empty.
        damage: how much.
        rng: drawn from.
    """
    if not any(damage.model_dump().values()):
        return sheet, dict(clip)
    present = {f.modality for f in clip.values() if f.absent is None}
    gone = dropped_modalities(present | _modalities(sheet.cues), damage.modalities, rng)
    hidden = _block(sheet, clip, damage.occlusion, rng)
    sheet = thin_cues(without_modalities(sheet, gone), damage.tokens, rng)
    tracks = {name: _damaged_track(f, gone, hidden, damage, rng) for name, f in clip.items()}
    if hidden:
        # Cues that lie wholly in the hidden stretch go; longer ones were seen elsewhere.
        first, last = hidden.start_s, hidden.end_s
        spans = [(cue, cue.span) for cue in sheet.cues]
        cues = [
            c for c, s in spans if not (s.duration_s and first <= s.start_s and s.end_s <= last)
        ]
        sheet = _with_only(sheet, cues)
    return sheet, tracks


def dropped_modalities(
    present: Collection[Modality], rate: float, rng: np.random.Generator
) -> frozenset[Modality]:
    """RMM: each is dropped with probability `rate`, independently; if all are, one drawn stays."""
    order = sorted(present)
    gone = [m for m, draw in zip(order, rng.random(len(order)), strict=True) if draw < rate]
    if gone and len(gone) == len(order):  # a clip without any modality cannot be answered
        gone.pop(int(rng.integers(len(gone))))
    return frozenset(gone)


def without_modalities(sheet: CueSheet, gone: Collection[Modality]) -> CueSheet:
    """The sheet without those modalities, which are entered as absent."""
    return _with_only(sheet, [cue for cue in sheet.cues if cue.modality not in gone])


def thin_cues(sheet: CueSheet, rate: float, rng: np.random.Generator) -> CueSheet:
    """RMFM on cues: each is left out with probability `rate`; of words, each word is."""
    cues: list[Cue] = []
    for cue in sheet.cues:
        if cue.name == "words" and isinstance(cue.value, str):
            text = drop_words(cue.value, rate, rng)
            cues += [] if text is None else [cue.model_copy(update={"value": text})]
        elif rng.random() >= rate:
            cues.append(cue)
    return _with_only(sheet, cues)


def drop_words(text: str, rate: float, rng: np.random.Generator) -> str | None:
    """Each word left out with probability `rate`; a gap is one `GAP`. None where none is left."""
    words = text.split()
    stay = rng.random(len(words)) >= rate
    if not stay.any():
        return None
    thinned: list[str] = []
    for word, stays in zip(words, stay, strict=True):
        if stays or not thinned or thinned[-1] != GAP:
            thinned.append(word if stays else GAP)
    return " ".join(thinned)


def drop_rows(features: Features, rate: float, rng: np.random.Generator) -> Features:
    """RMFM on features: each row left out with probability `rate`; absent where none is left."""
    return _only(features, rng.random(len(features.array)) >= rate)


def occlude(features: Features, hidden: TimeSpan) -> Features:
    """STMFM: without the rows that saw any of `hidden`; absent where none is left."""
    starts, ends = features.times_s.T
    return _only(features, (ends <= hidden.start_s) | (starts >= hidden.end_s))


def add_noise(features: Features, sd: float, rng: np.random.Generator) -> Features:
    """Normal noise of `sd` spreads on each number, the spread being its own over the rows."""
    if features.absent is not None:
        return features
    spread = features.array.std(axis=0, keepdims=True)
    noise = rng.standard_normal(features.array.shape) * sd * spread
    array = (features.array + noise).astype(np.float32)
    return Features(features.modality, array, features.times_s, features.source)


def _damaged_track(
    features: Features,
    gone: Collection[Modality],
    hidden: TimeSpan | None,
    damage: Damage,
    rng: np.random.Generator,
) -> Features:
    if features.absent is not None:
        return features
    if features.modality in gone:
        return Features.missing(features.width, features.source, _absence(features.modality))
    features = drop_rows(features, damage.tokens, rng)
    features = occlude(features, hidden) if hidden and features.absent is None else features
    return add_noise(features, damage.noise, rng) if damage.noise else features


def _only(features: Features, stay: NDArray[np.bool_]) -> Features:
    if features.absent is not None or stay.all():
        return features
    if not stay.any():
        return Features.missing(features.width, features.source, _absence(features.modality))
    rows, times = features.array[stay], features.times_s[stay]
    return Features(features.modality, rows, times, features.source)


def _block(
    sheet: CueSheet, clip: Mapping[str, Features], share: float, rng: np.random.Generator
) -> TimeSpan | None:
    """A stretch over `share` of the time that cues and features span; None for nothing to hide."""
    tracks = [f.extent for f in clip.values() if f.extent is not None]
    spans = [*(cue.span for cue in sheet.cues), *tracks]
    extent = max((span.end_s for span in spans), default=0.0)
    if not share or not extent:
        return None
    start = float(rng.uniform(0, extent * (1 - share)))
    return TimeSpan(start_s=start, end_s=start + share * extent)


def _with_only(sheet: CueSheet, cues: Sequence[Cue]) -> CueSheet:
    """The sheet with these of its cues; modalities that lost all of theirs are absent."""
    lost = sorted(_modalities(sheet.cues) - _modalities(cues))
    return CueSheet(cues=tuple(cues), absent=(*map(_absence, lost), *sheet.absent))


def _modalities(cues: Sequence[Cue]) -> set[Modality]:
    return {cue.modality for cue in cues}


def _absence(modality: Modality) -> Absence:
    return Absence(modality=modality, state="absent", reason="it was left out on purpose")
