"""Clips composed of a real voice, a real face and a real text, as cue sheets with a gold answer.

Modalities may be missing, weak or in conflict. Where they agree, or where there is one, the gold
label is what people said of the recording; where they conflict, it is what most of them suggest,
and among as many the one that is shown most clearly.
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from affect_llm.cues.catalogue import number_cues
from affect_llm.cues.extractor import Extraction
from affect_llm.cues.scene.clip_model import descriptions
from affect_llm.labels.canonical import canonical
from affect_llm.labels.sets import SETS
from affect_llm.prompting.salience import shown_sheet
from affect_llm.types import Absence, CueSheet, Measurement, Modality, TimeSpan
from workshop.bank import BankRow
from workshop.embedded.corpora import TextItem

_TEXT_CLARITY = 0.6
"""How clearly a text is taken to show its emotion beside the heads' probabilities."""
_COMBINATIONS: tuple[tuple[tuple[Modality, ...], float], ...] = (
    ((Modality.TEXT,), 0.16),
    ((Modality.AUDIO,), 0.16),
    ((Modality.VISUAL,), 0.16),
    ((Modality.TEXT, Modality.AUDIO), 0.12),
    ((Modality.TEXT, Modality.VISUAL), 0.12),
    ((Modality.AUDIO, Modality.VISUAL), 0.08),
    ((Modality.TEXT, Modality.AUDIO, Modality.VISUAL), 0.20),
)
_SETS = ("ekman7", "meld7", "ravdess8", "fer7", "emodb7", "emotiontalk7", "dailydialog7", "ekman6")
_AGREE = 0.65
"""Share of the clips in which all modalities show one emotion."""
_NATURAL = 0.5
"""Share of the lone voices, faces and texts that come as their corpus has them: its own labels,
and each of them as common as it is there.
"""
_SECOND_FACE = 0.08
"""Share of the faces beside which a second person is seen."""
_SCENE = 0.12
"""Share of the faces behind which a scene is described."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Composed:
    """A composed clip: its sheet (only cues that a prompt shows), labels and gold answer."""

    sheet: CueSheet
    labels: tuple[str, ...]
    label: str
    verdicts: dict[Modality, str]


class Composer:
    """Draws composed clips.

    Args:
        voices: rows of the voice bank.
        faces: rows of the face bank.
        texts: texts whose labels have a canonical emotion are used.
    """

    def __init__(
        self, voices: Sequence[BankRow], faces: Sequence[BankRow], texts: Sequence[TextItem]
    ) -> None:
        self._rows = {
            Modality.AUDIO: _by_emotion((row.emotion, row) for row in voices),
            Modality.VISUAL: _by_emotion((row.emotion, row) for row in faces),
        }
        self._texts = _by_emotion((canonical(t.labels[0]), t) for t in texts if len(t.labels) == 1)
        self._all_rows = {Modality.AUDIO: tuple(voices), Modality.VISUAL: tuple(faces)}
        self._all_texts = tuple(texts)

    def draw(self, rng: random.Random) -> Composed:
        """One clip in which every modality that is present shows a cue.

        The same state of `rng` gives the same clip.
        """
        while True:
            clip = self._drawn(rng)
            if {cue.modality for cue in clip.sheet.cues} == set(clip.verdicts):
                return clip

    def _drawn(self, rng: random.Random) -> Composed:
        weights = [weight for _, weight in _COMBINATIONS]
        (present,) = rng.choices([c for c, _ in _COMBINATIONS], weights)
        if len(present) == 1 and rng.random() < _NATURAL:
            return self._natural(present[0], rng)
        labels = _labels(rng)
        emotions = self._emotions(present, labels, rng)
        duration = rng.uniform(1.0, 12.0)
        parts = {m: self._part(m, emotions[m], duration, rng) for m in present}
        full = number_cues([*parts.values(), Extraction(absent=_absences(present, rng))])
        sheet = shown_sheet(full)
        return _judged(sheet, labels, emotions)

    def _natural(self, modality: Modality, rng: random.Random) -> Composed:
        """A voice, a face or a text by itself, under the labels of its corpus."""
        duration = rng.uniform(1.0, 12.0)
        if modality is Modality.TEXT:
            text = rng.choice(self._all_texts)
            labels, label = SETS[text.label_set], rng.choice(text.labels)
            part = Extraction((_words(text.text, duration, rng),))
        else:
            row = rng.choice(self._all_rows[modality])
            labels = SETS[row.label_set]
            label = naming(labels)[row.emotion]
            kept = _thinned(row.measurements, rng)
            part = Extraction(tuple(_moved(m, modality, duration, rng) for m in kept))
        full = number_cues([part, Extraction(absent=_absences((modality,), rng))])
        sheet = shown_sheet(full)
        return Composed(sheet, labels, label, {modality: label})

    def _emotions(
        self, present: Sequence[Modality], labels: Sequence[str], rng: random.Random
    ) -> dict[Modality, str]:
        """An emotion per modality that the label set can name and the banks can show."""
        names = set(naming(labels))
        known = {m: names & set(self._rows.get(m, self._texts)) for m in present}
        shared = sorted(set.intersection(*known.values()))
        if shared and rng.random() < _AGREE:
            return dict.fromkeys(present, rng.choice(shared))
        return {m: rng.choice(sorted(known[m])) for m in present}

    def _part(
        self, modality: Modality, emotion: str, duration: float, rng: random.Random
    ) -> Extraction:
        if modality is Modality.TEXT:
            return Extraction((_words(rng.choice(self._texts[emotion]).text, duration, rng),))
        rows = self._rows[modality][emotion]
        kept = _thinned(rng.choice(rows).measurements, rng)
        if modality is Modality.VISUAL:
            if rng.random() < _SECOND_FACE:
                kept += [_of_person(m, "P2") for m in rng.choice(rows).measurements]
            if rng.random() < _SCENE:
                kept.append(_scene(rng))
        return Extraction(tuple(_moved(m, modality, duration, rng) for m in kept))


def _by_emotion(pairs: Iterable[tuple[str | None, T]]) -> dict[str, list[T]]:
    pools: dict[str, list[T]] = {}
    for emotion, item in pairs:
        if emotion:
            pools.setdefault(emotion, []).append(item)
    return pools


def _labels(rng: random.Random) -> tuple[str, ...]:
    """A known set, or a shuffled part of one, as somebody's comma list would be."""
    labels = SETS[rng.choice(_SETS)]
    if rng.random() < 0.7:
        return labels
    return tuple(rng.sample(labels, k=rng.randint(4, len(labels))))


def naming(labels: Sequence[str]) -> dict[str, str]:
    """Canonical emotion → the first of `labels` that stands for it; calm falls to neutral."""
    names: dict[str, str] = {}
    for label in labels:
        if name := canonical(label):
            names.setdefault(name, label)
    if "neutral" in names:
        names.setdefault("calm", names["neutral"])
    return names


def _words(text: str, duration: float, rng: random.Random) -> Measurement:
    end = 0.0 if rng.random() < 0.5 else round(duration, 1)
    return Measurement(
        modality=Modality.TEXT,
        family="words",
        name="words",
        value=text,
        unit="text",
        span=TimeSpan(start_s=0.0, end_s=end),
        confidence=1.0,
        source="given",
    )


def _thinned(measurements: Sequence[Measurement], rng: random.Random) -> list[Measurement]:
    """Sometimes without a family of cues: another extractor, a turned head, a short clip."""
    families = sorted({_group(m) for m in measurements})
    if len(families) < 2 or rng.random() < 0.8:
        return list(measurements)
    dropped = rng.choice(families)
    return [m for m in measurements if _group(m) != dropped]


def _scene(rng: random.Random) -> Measurement:
    """Any scene: what it says of an emotion is not known, so it must change nothing."""
    return Measurement(
        modality=Modality.VISUAL,
        family="scene",
        name="scene",
        value=rng.choice(descriptions().labels),
        unit="text",
        span=TimeSpan(start_s=0.0, end_s=0.0),
        confidence=rng.uniform(0.2, 1.0),
        source="composed",
    )


def _of_person(measurement: Measurement, person: str) -> Measurement:
    return measurement.model_copy(update={"person": person})


def _group(measurement: Measurement) -> str:
    return "scores" if measurement.unit == "p" else measurement.family


def _moved(
    measurement: Measurement, modality: Modality, duration: float, rng: random.Random
) -> Measurement:
    """A picture's cue shown for a stretch of the clip; a voice's cue stays where it was heard."""
    if modality is Modality.AUDIO or rng.random() < 0.4:
        return measurement
    start, end = sorted((rng.uniform(0, duration), rng.uniform(0, duration)))
    return measurement.model_copy(update={"span": TimeSpan(start_s=start, end_s=end)})


def _absences(present: Sequence[Modality], rng: random.Random) -> tuple[Absence, ...]:
    state = rng.choice(("absent", "absent", "not_asked", "failed", "low_quality"))
    return tuple(
        Absence.model_validate({"modality": m, "state": state, "reason": "composed without it"})
        for m in (Modality.TEXT, Modality.AUDIO, Modality.VISUAL)
        if m not in present
    )


def _judged(sheet: CueSheet, labels: tuple[str, ...], emotions: dict[Modality, str]) -> Composed:
    """What each modality suggests by itself, and what they suggest together."""
    names = naming(labels)
    told = {m: names[emotion] for m, emotion in emotions.items()}
    if len(emotions) == 1:
        (label,) = told.values()
        return Composed(sheet, labels, label, told)
    shown = {m: _shown(sheet, m, names) or (told[m], _TEXT_CLARITY) for m in told}
    verdicts = {m: label for m, (label, _) in shown.items()}
    if len(set(told.values())) == 1:
        return Composed(sheet, labels, next(iter(told.values())), verdicts)
    clarity = {m: score for m, (_, score) in shown.items()}
    return Composed(sheet, labels, _decided(verdicts, clarity), verdicts)


def _shown(sheet: CueSheet, modality: Modality, names: dict[str, str]) -> tuple[str, float] | None:
    """The label that a modality's strongest score names, and that score."""
    scores = [
        (float(c.value), names[emotion])
        for c in sheet.cues
        if c.modality is modality and c.unit == "p" and (emotion := c.name.split(".")[1]) in names
    ]
    if not scores:
        return None
    score, label = max(scores)
    return label, score


def _decided(verdicts: dict[Modality, str], clarity: dict[Modality, float]) -> str:
    votes = Counter(verdicts.values())
    most = max(votes.values())
    leaders = [m for m, label in verdicts.items() if votes[label] == most]
    return verdicts[max(leaders, key=lambda m: clarity[m])]
