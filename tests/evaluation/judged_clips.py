"""Clips with cues of their own, composed for tests of judges."""

import importlib.util
import random
from pathlib import Path

from affect_llm.evaluation.composed.clips import ComposedClip
from affect_llm.prompting.checker.check import check_all
from affect_llm.prompting.checker.rulings import counts
from affect_llm.prompting.explain.write import explain
from affect_llm.types import Conflict, CueSheet, EmotionResult, Provenance

LABELS = ("anger", "fear", "joy", "sadness", "surprise", "disgust")


def sheet_of(seed: int) -> CueSheet:
    """A random sheet of face, voice and words, by the helper of the prompting tests."""
    file = Path(__file__).parents[1] / "prompting" / "random_sheets.py"
    spec = importlib.util.spec_from_file_location("judged_random_sheets", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sheet: CueSheet = module.random_sheet(random.Random(seed), "FVT")
    return sheet


def composed(count: int) -> list[ComposedClip]:
    return [ComposedClip(f"c{n}", LABELS[n % len(LABELS)], sheet_of(n)) for n in range(count)]


def result_of(clip: ComposedClip, drafts: list[tuple[str, tuple[str, ...]]]) -> EmotionResult:
    label = clip.gold or ""
    sentences = check_all(drafts, clip.sheet, {}, label)
    return EmotionResult(
        clip_id=clip.id,
        clip_name=clip.id,
        duration_s=5,
        label_set=LABELS,
        labels=(label,),
        distribution=None,
        confidence=None,
        abstained=False,
        explanation=sentences,
        support=counts(sentences),
        conflict=Conflict(present=False),
        sheet=clip.sheet,
        raw="{}",
        provenance=Provenance(
            affect_llm="0",
            prompt="p@1#0",
            model="m@1#0",
            extractors=(),
            settings={},
            calibrated=False,
        ),
    )


def explained(clip: ComposedClip, seed: int = 0) -> EmotionResult:
    drafts = explain(clip.sheet, clip.gold or "", {}, random.Random(seed))
    return result_of(clip, [(draft.text, draft.cue_ids) for draft in drafts])
