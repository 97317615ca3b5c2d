"""Temperatures and offsets for the embedded reasoner, from material it was not trained on."""

import random
from dataclasses import replace
from pathlib import Path

from affect_llm.config import Settings
from affect_llm.cues.catalogue import number_cues
from affect_llm.cues.extractor import Extraction
from affect_llm.labels.canonical import canonical
from affect_llm.labels.sets import SETS
from affect_llm.prompting.calibration import Calibration, log_scores, situation
from affect_llm.prompting.reason import reason_prompt
from affect_llm.prompting.salience import select_cues
from affect_llm.reasoners.local.causal_lm import load_causal_lm
from affect_llm.training.calibration import HeldOut, fit_calibration
from affect_llm.types import CueSheet, Modality
from workshop.bank import BankRow
from workshop.embedded.compose import Composed, naming
from workshop.embedded.examples import text_sheet
from workshop.embedded.material import Material

_TEXTS = ("meld", "dailydialog", "isear", "goemotions")
_CLIPS = 2000
FITTED_ON = (
    "what the embedded reasoner was not trained on: one dialogue in twenty of MELD's and "
    "DailyDialog's train parts, one respondent in twenty of ISEAR, as many GoEmotions comments, "
    "RAVDESS actors 11-12, Emo-DB speaker 10, FER2013's validation faces; clips of them"
)
NamedClip = tuple[str | None, Composed]
"""A clip, and the name of its label set where it comes as it is and not composed."""


def fit_temperatures(folder: Path, held_out: Material, seed: int = 0) -> Calibration:
    """Fit and write `calibration.json` beside the weights in `folder`.

    Args:
        folder: a trained checkpoint.
        held_out: the validation part; no row of it was trained on, and none is a test row.
        seed: of the composed clips.
    """
    reasoner = load_causal_lm("embedded", str(folder), Settings(dtype="float32", batch_size=32))
    clips = [*_texts(held_out), *_voices(held_out), *_faces(held_out), *_composed(held_out, seed)]
    prompts = [reason_prompt(clip.sheet, clip.labels) for _, clip in clips]
    completions = reasoner.complete(prompts, max_new_tokens=1)
    answers, particular = [], []
    for (name, clip), completion in zip(clips, completions, strict=True):
        key = situation(frozenset(c.modality for c in clip.sheet.cues))
        if completion.label_logprobs is None:
            continue
        scores = log_scores(clip.sheet, clip.labels)
        answer = HeldOut(key, completion.label_logprobs, clip.label, scores)
        if all(canonical(label) for label in clip.labels):
            answers.append(answer)
        if name is not None:
            particular.append(replace(answer, key=f"{name}:{key}"))
    calibration = fit_calibration(answers, FITTED_ON, particular=particular)
    text = calibration.model_dump_json(indent=2) + "\n"
    (folder / "calibration.json").write_text(text, encoding="utf-8")
    return calibration


def _texts(held_out: Material) -> list[NamedClip]:
    return [
        (t.label_set, _alone(text_sheet(t.text), t.label_set, t.labels[0], Modality.TEXT))
        for t in held_out.texts
        if t.corpus in _TEXTS
    ]


def _voices(held_out: Material) -> list[NamedClip]:
    rows = [(row, "ravdess8" if "ravdess" in row.id else "emodb7") for row in held_out.voices]
    return [clip for row, name in rows for clip in _row(row, name, Modality.AUDIO)]


def _faces(held_out: Material) -> list[NamedClip]:
    return [clip for row in held_out.faces for clip in _row(row, "fer7", Modality.VISUAL)]


def _row(row: BankRow, name: str, modality: Modality) -> list[NamedClip]:
    sheet = number_cues([Extraction(row.measurements)])
    label = naming(SETS[name]).get(row.emotion)
    return [(name, _alone(sheet, name, label, modality))] if label and select_cues(sheet) else []


def _alone(sheet: CueSheet, name: str, label: str, modality: Modality) -> Composed:
    return Composed(sheet, SETS[name], label, {modality: label})


def _composed(held_out: Material, seed: int) -> list[NamedClip]:
    rng, composer = random.Random(seed), held_out.composer()
    drawn = [composer.draw(rng) for _ in range(_CLIPS)]
    return [(None, clip) for clip in drawn if len(clip.verdicts) > 1]
