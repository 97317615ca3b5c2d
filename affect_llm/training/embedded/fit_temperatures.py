"""Temperatures for the embedded reasoner, from material that it was not trained on."""

import random
from pathlib import Path

from affect_llm.config import Settings
from affect_llm.labels.sets import SETS
from affect_llm.prompting.calibration import Calibration, situation
from affect_llm.prompting.reason import reason_prompt
from affect_llm.reasoners.causal_lm import load_causal_lm
from affect_llm.training.calibrate import HeldOut, fit_calibration
from affect_llm.training.embedded.compose import Composed
from affect_llm.training.embedded.examples import text_sheet
from affect_llm.training.embedded.make import Material
from affect_llm.types import Modality

_CORPORA = ("meld", "dailydialog", "isear")
_CLIPS = 2500
FITTED_ON = (
    "validation dialogues of MELD's train part, of DailyDialog (RECCON) and respondents of ISEAR; "
    "clips composed of them with RAVDESS actors 11-12, Emo-DB speaker 10 and FER2013's faces for "
    "validation"
)


def fit_temperatures(folder: Path, held_out: Material, seed: int = 0) -> Calibration:
    """Fit and write `calibration.json` beside the weights in `folder`.

    Args:
        folder: a trained checkpoint.
        held_out: the validation part; no row of it was trained on, and none is a test row.
        seed: of the composed clips.
    """
    reasoner = load_causal_lm("embedded", str(folder), Settings(dtype="float32", batch_size=32))
    clips = [*_texts(held_out), *_composed(held_out, seed)]
    prompts = [reason_prompt(clip.sheet, clip.labels) for clip in clips]
    completions = reasoner.complete(prompts, max_new_tokens=1)
    answers = [
        HeldOut(situation(frozenset(c.modality for c in clip.sheet.cues)), logprobs, clip.label)
        for clip, said in zip(clips, completions, strict=True)
        if (logprobs := said.label_logprobs) is not None
    ]
    calibration = fit_calibration(answers, FITTED_ON)
    text = calibration.model_dump_json(indent=2) + "\n"
    (folder / "calibration.json").write_text(text, encoding="utf-8")
    return calibration


def _texts(held_out: Material) -> list[Composed]:
    """Real texts with their real priors, which composed ones do not have."""
    return [
        Composed(text_sheet(t.text), SETS[t.label_set], t.labels[0], {Modality.TEXT: t.labels[0]})
        for t in held_out.texts
        if t.corpus in _CORPORA
    ]


def _composed(held_out: Material, seed: int) -> list[Composed]:
    rng, composer = random.Random(seed), held_out.composer()
    drawn = [composer.draw(rng) for _ in range(_CLIPS)]
    return [clip for clip in drawn if {c.modality for c in clip.sheet.cues} != {Modality.TEXT}]
