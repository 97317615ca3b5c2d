"""Properties over random sheets: true sentences pass the checker, planted falsehoods do not."""

import random
from collections import Counter

from random_sheets import make_cue, random_clip

from affect_llm.prompting.checker.check import check_sentence
from affect_llm.prompting.explain.assemble import Draft
from affect_llm.prompting.explain.write import explain
from affect_llm.types import CueSheet
from workshop.falsification import FALSIFIERS, falsify

CLIPS = 150


def test_true_sentences_are_spared() -> None:
    rng = random.Random(101)
    flagged, told = [], 0
    for _ in range(CLIPS):
        sheet, label, verdicts = random_clip(rng)
        for draft in explain(sheet, label, verdicts, rng):
            told += 1
            verdict = check_sentence(draft.text, draft.cue_ids, sheet, verdicts, label)
            flagged += [] if verdict.support == "supported" else [(draft, verdict)]
    assert told > 300
    assert len(flagged) / told <= 0.02, flagged[:5]


def test_planted_falsehoods_are_caught_whatever_their_kind() -> None:
    rng = random.Random(202)
    planted: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    for _ in range(CLIPS):
        sheet, label, verdicts = random_clip(rng)
        for draft in explain(sheet, label, verdicts, rng):
            for name, falsifier in FALSIFIERS.items():
                false = falsifier(draft, sheet, rng)
                if false is not None:
                    found = check_sentence(false.text, false.cue_ids, sheet, verdicts, label)
                    planted[name] += 1
                    caught[name] += found.support != "supported"
    assert set(planted) == set(FALSIFIERS)
    assert min(planted.values()) >= 50
    assert all(caught[name] / planted[name] >= 0.95 for name in planted), (caught, planted)


def test_falsify_changes_the_sentence_or_what_it_cites() -> None:
    rng = random.Random(303)
    made = 0
    for _ in range(40):
        sheet, label, verdicts = random_clip(rng)
        for draft in explain(sheet, label, verdicts, rng):
            false = falsify(draft, sheet, rng)
            made += false is not None
            assert false is None or false != draft
    assert made > 50


def test_no_place_for_a_falsehood() -> None:
    sheet = CueSheet(cues=(make_cue("F1", "AU12", 3.0, 0.0, 1.0),))
    draft = Draft("The lip corner puller is seen at 0.5 s.", ("F1",))
    assert falsify(draft, sheet, random.Random(0)) is None
