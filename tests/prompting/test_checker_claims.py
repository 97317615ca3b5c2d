"""How much the checker catches and spares among sentences that people might write."""

import pytest
from claim_sheets import Claimed, claims, sheets

from affect_llm.prompting.checker.check import check_sentence

SHEETS = sheets()
# Measured 2026-11: development 120/121 and 1/131, held out 86/86 and 2/81.
LIMITS = {"development": (0.95, 0.02), "heldout": (0.95, 0.03)}


def supported(claim: Claimed) -> bool:
    answered = SHEETS[claim.sheet]
    found = check_sentence(
        claim.text, claim.cue_ids, answered.cues, answered.verdicts, answered.label
    )
    return found.support == "supported"


@pytest.mark.parametrize("part", LIMITS)
def test_false_claims_are_caught_and_true_ones_spared(part: str) -> None:
    caught_at_least, flagged_at_most = LIMITS[part]
    true = [c for c in claims(part) if c.holds]
    false = [c for c in claims(part) if not c.holds]
    missed = [c.text for c in false if supported(c)]
    flagged = [c.text for c in true if not supported(c)]
    assert len(missed) <= (1 - caught_at_least) * len(false), missed
    assert len(flagged) <= flagged_at_most * len(true), flagged


def test_there_are_enough_claims_and_half_of_them_are_true() -> None:
    found = [*claims("development"), *claims("heldout")]
    assert len(found) >= 200
    assert len(SHEETS) >= 12
    assert 0.4 <= sum(c.holds for c in found) / len(found) <= 0.6


def test_no_claim_is_in_both_parts() -> None:
    parts = [{(c.sheet, c.text) for c in claims(p)} for p in LIMITS]
    assert not parts[0] & parts[1]
