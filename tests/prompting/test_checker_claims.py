"""How much the checker catches and spares among sentences that people might write."""

import pytest
from claim_sheets import Claimed, claims, sheets

from affect_llm.prompting.checker.check import check_sentence

SHEETS = sheets()
PARTS = {"development": ("development",), "kept aside": ("heldout", "heldout_second")}
# Measured 2026-11: development 120/121 caught and 1/131 flagged; kept aside 114/114 and 2/113.
CAUGHT_AT_LEAST, FLAGGED_AT_MOST = 0.95, 0.02


def supported(claim: Claimed) -> bool:
    answered = SHEETS[claim.sheet]
    found = check_sentence(
        claim.text, claim.cue_ids, answered.cues, answered.verdicts, answered.label
    )
    return found.support == "supported"


@pytest.mark.parametrize("part", PARTS)
def test_false_claims_are_caught_and_true_ones_spared(part: str) -> None:
    found = [claim for file in PARTS[part] for claim in claims(file)]
    true = [c for c in found if c.holds]
    false = [c for c in found if not c.holds]
    missed = [c.text for c in false if supported(c)]
    flagged = [c.text for c in true if not supported(c)]
    assert len(missed) <= (1 - CAUGHT_AT_LEAST) * len(false), missed
    assert len(flagged) <= FLAGGED_AT_MOST * len(true), flagged


def test_there_are_enough_claims_and_half_of_them_are_true() -> None:
    found = [claim for files in PARTS.values() for file in files for claim in claims(file)]
    assert len(found) >= 200
    assert len(SHEETS) >= 12
    assert 0.4 <= sum(c.holds for c in found) / len(found) <= 0.6


def test_no_claim_is_in_both_parts() -> None:
    parts = [{(c.sheet, c.text) for f in files for c in claims(f)} for files in PARTS.values()]
    assert not parts[0] & parts[1]
