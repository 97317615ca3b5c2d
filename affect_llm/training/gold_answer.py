"""The answer that the embedded reasoner should have given, in `affect-llm/answer@1`."""

import json
import random
from collections.abc import Mapping

from affect_llm.labels.affect_norms import affect_norm
from affect_llm.labels.near_words import near_words
from affect_llm.prompting.explain.write import explain
from affect_llm.types import CueSheet, Modality


def write_answer(
    sheet: CueSheet, label: str, verdicts: Mapping[Modality, str], rng: random.Random
) -> str:
    """The answer as compact JSON.

    Args:
        sheet: the cues that the prompt shows.
        label: the verdict.
        verdicts: what each modality that has cues suggests by itself.
        rng: chooses words and phrasings.
    """
    # The label's valence and arousal, half-way to what the voice itself scores if there is one.
    valence, arousal = affect_norm(label) or (0.0, 0.0)
    scores = {c.name: c.value for c in sheet.cues if isinstance(c.value, float)}
    words = near_words(label)
    answer = {
        "label": label,
        "modalities": {m.value: verdicts[m] for m in Modality if m in verdicts},
        "valence": round((valence + scores.get("voice.valence", valence)) / 2, 1),
        "arousal": round((arousal + scores.get("voice.arousal", arousal)) / 2, 1),
        "open_labels": rng.sample(words, k=min(2, len(words))),  # two show how it is done
        "explanation": [
            {"text": draft.text, "cues": list(draft.cue_ids)}
            for draft in explain(sheet, label, verdicts, rng)
        ],
    }
    return json.dumps(answer, separators=(",", ":"), ensure_ascii=False)
