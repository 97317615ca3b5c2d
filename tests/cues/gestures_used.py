"""Everything that a new family has to go through, in a process of its own; prints JSON.

It runs with the family's package on the path, so nothing is patched and no table is remembered.
"""

import json
import random
from pathlib import Path

from affect_llm.config import Settings, load_settings
from affect_llm.conversation import Conversation
from affect_llm.cues.catalogue import kind_of
from affect_llm.cues.families import extractors_for
from affect_llm.errors import AffectError
from affect_llm.evaluation.judges.clues import clues_of
from affect_llm.labels.sets import SETS
from affect_llm.pipeline.clips import Source
from affect_llm.pipeline.composer import Pipeline
from affect_llm.prompting.checker.check import check_sentence
from affect_llm.prompting.choice import offered_sentences
from affect_llm.prompting.explain.assemble import evidence
from affect_llm.prompting.explain.write import explain
from affect_llm.prompting.reason import reason_prompt
from affect_llm.reasoners.registry import open_reasoner
from affect_llm.report.entry import ReportEntry
from affect_llm.report.html import render_report
from affect_llm.report.lanes import lanes_of, strength
from affect_llm.report.words import describe, quantity
from affect_llm.types import EmotionResult, Modality

SENTENCES = (
    "The clenched fist is likely.",
    "There is a clenched fist.",
    "The clenched fist is unlikely.",
    "The hand movement is vivid.",
    "The hand movement is still.",
    "Anger in the hands is likely.",
    "Anger in the hands is very unlikely.",
    "The clenched fist suggests anger.",
    "The smile is marked.",
    "The shoulders are raised [G1].",
)


def main() -> None:
    """Print what became of the gestures everywhere."""
    told: dict[str, object] = {}
    for name in ("fake", "embedded"):
        settings = Settings(reasoner=name, modalities=(Modality.TEXT, Modality.VISUAL))
        (result,) = Pipeline(settings).run([Source(text="Leave me alone!")])
        assert isinstance(result, EmotionResult)
        talk = Conversation(result, open_reasoner(settings), 400)
        told[name] = {
            "ids": [cue.id for cue in result.sheet.cues],
            "absent": [[a.family, a.state, a.reason] for a in result.sheet.absent],
            "support": [sentence.support for sentence in result.explanation],
            "page": render_report([ReportEntry(result)], Path()).count("hand movement"),
            "reply": talk.ask("what about the hand movement?").model_dump(mode="json"),
        }
        if name == "fake":
            told |= seen(result)
    told["settings"] = settings_seen()
    print(json.dumps(told))


def seen(result: EmotionResult) -> dict[str, object]:
    """What prompt, checker, explanations, judges and report make of the cues."""
    sheet, ids = result.sheet, [c.id for c in result.sheet.cues if c.id[0] == "G"]
    rulings = {s: check_sentence(s, ids, sheet, {}, "anger").support for s in SENTENCES}
    verdicts = {Modality.VISUAL: "anger", Modality.TEXT: "anger"}
    drafts = [d for n in range(60) for d in explain(sheet, "anger", verdicts, random.Random(n))]
    for n in range(20):
        plain = (evidence([cue], "none", "", random.Random(n)) for cue in sheet.cues)
        drafts += [draft for draft in plain if draft]
    held = [check_sentence(d.text, d.cue_ids, sheet, verdicts, "anger").support for d in drafts]
    hands = [d for d, support in zip(drafts, held, strict=True) if d.cue_ids[0] in ids]
    return {
        "prompt": reason_prompt(sheet, SETS["ekman7"]).messages[-1].content,
        "phrases": [kind_of(name).phrase for name in ("gesture.fist", "gesture.vigour")],
        "rulings": rulings,
        "wrong": [
            d.text for d, support in zip(drafts, held, strict=True) if support != "supported"
        ],
        "written": sorted({d.text for d in hands}),
        "offered": [d.text for g in offered_sentences(sheet, "anger", verdicts) for d in g],
        "clues": [str(clue) for clue in clues_of("There is no clenched fist.")],
        "lanes": [lane.name for lane in lanes_of(sheet.cues)],
        "strengths": [strength(cue) for cue in sheet.cues],
        "described": [f"{describe(cue)}: {quantity(cue)}" for cue in sheet.cues],
    }


def settings_seen() -> dict[str, object]:
    """What settings can say of the family."""
    off, _ = extractors_for(load_settings(cues={"gestures": "off"}, face="off", voice="off"))
    sentences = []
    for cues in ({"gestures": "toi"}, {"gesture": "off"}, {"face": "off"}):
        try:
            extractors_for(load_settings(cues=cues))
        except AffectError as error:
            sentences.append(str(error))
    return {"off": [extractor.name for extractor in off], "refused": sentences}


if __name__ == "__main__":
    main()
