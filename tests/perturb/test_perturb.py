"""Damage: rates as promised, seeded, and what is left out is absent and never zero."""

import math

import numpy as np
import pytest
from pydantic import ValidationError

from affect_llm.perturb import (
    GAP,
    Damage,
    add_noise,
    damaged,
    drop_rows,
    drop_words,
    dropped_modalities,
    occlude,
    thin_cues,
    without_modalities,
)
from affect_llm.types import Cue, CueSheet, Features, Modality, TimeSpan


def features(rows: int = 200, modality: Modality = Modality.AUDIO) -> Features:
    array = np.random.default_rng(1).uniform(1, 2, (rows, 3)).astype(np.float32)
    times = np.stack([np.arange(rows), np.arange(rows) + 1.0], axis=1)
    return Features(modality, array, times, "made@1#0")


def cue(number: int, name: str = "AU12", value: float | str = 3.0, span: float = 1.0) -> Cue:
    modality = Modality.TEXT if name == "words" else Modality.VISUAL
    return Cue(
        id=f"C{number}", modality=modality, family="x", name=name, value=value, unit="u",
        span=TimeSpan(start_s=number, end_s=number + span), confidence=1.0, source="made",
    )  # fmt: skip


def sheet(count: int = 400) -> CueSheet:
    return CueSheet(cues=(*(cue(n) for n in range(count)), cue(0, "words", "one two three")))


def within(found: int, trials: int, rate: float) -> bool:
    """Four standard deviations of a binomial; once in 16,000 tries outside by chance."""
    return abs(found - trials * rate) <= 4 * math.sqrt(trials * rate * (1 - rate)) + 1


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_single_pieces_go_at_the_rate(rate: float) -> None:
    rng = np.random.default_rng(0)
    kept = drop_rows(features(2000), rate, rng)
    assert within(2000 - len(kept.array), 2000, rate)
    cues = thin_cues(sheet(2000), rate, rng).cues
    assert within(2000 - sum(c.name == "AU12" for c in cues), 2000, rate)
    said = drop_words(" ".join(["word"] * 2000), rate, rng)
    assert said is not None
    assert within(2000 - said.split().count("word"), 2000, rate)
    assert f"{GAP} {GAP}" not in said


@pytest.mark.parametrize("rate", [0.2, 0.7])
def test_whole_modalities_go_at_the_rate_and_one_stays(rate: float) -> None:
    rng = np.random.default_rng(0)
    three = [Modality.TEXT, Modality.AUDIO, Modality.VISUAL]
    draws = [dropped_modalities(three, rate, rng) for _ in range(3000)]
    assert max(map(len, draws)) == 2
    # Where all three are drawn one comes back: the expected number is 3 p - p^3.
    gone, expected = sum(map(len, draws)), 3000 * (3 * rate - rate**3)
    assert abs(gone - expected) < 5 * math.sqrt(3 * 3000 * rate * (1 - rate))
    assert dropped_modalities([Modality.TEXT], 1.0, rng) == frozenset()


def test_what_is_left_out_is_absent_with_a_reason_and_nothing_is_zero() -> None:
    rng = np.random.default_rng(0)
    gone = drop_rows(features(), 1.0, rng)
    assert gone.absent is not None
    assert gone.array.shape == (0, 3)
    half = drop_rows(features(), 0.5, rng)
    assert (half.array >= 1).all()
    assert (np.diff(half.times_s[:, 0]) > 0).all()
    blind = without_modalities(sheet(3), {Modality.VISUAL, Modality.AUDIO})
    assert {c.modality for c in blind.cues} == {Modality.TEXT}
    assert [a.modality for a in blind.absent] == [Modality.VISUAL]  # there was no sound to lose
    assert drop_words("one two", 1.0, rng) is None
    mute = thin_cues(CueSheet(cues=(cue(0, "words", "one two"),)), 1.0, rng)
    assert [a.modality for a in mute.absent] == [Modality.TEXT]


def test_a_block_of_time_is_hidden() -> None:
    hidden = occlude(features(10), TimeSpan(start_s=2.5, end_s=4.5))
    assert hidden.times_s[:, 0].tolist() == [0, 1, 5, 6, 7, 8, 9]
    rng = np.random.default_rng(3)
    cues, tracks = damaged(sheet(100), {"voice": features(100)}, Damage(occlusion=0.4), rng)
    lost = 100 - len(tracks["voice"].array)
    assert 40 <= lost <= 42
    times = {round(c.span.start_s) for c in cues.cues if c.name == "AU12"}
    heard = set(tracks["voice"].times_s[:, 0].astype(int).tolist())
    assert heard <= times  # the same stretch is hidden in both; a cue at its edge is seen in part


def test_noise_has_the_spread_it_is_given() -> None:
    plain = features(4000)
    noisy = add_noise(plain, 0.5, np.random.default_rng(0))
    ratio = (noisy.array - plain.array).std(axis=0) / plain.array.std(axis=0)
    assert np.allclose(ratio, 0.5, rtol=0.05)
    gone = drop_rows(plain, 1.0, np.random.default_rng(0))
    assert add_noise(gone, 1.0, np.random.default_rng(0)) is gone


def test_the_same_seed_damages_the_same_and_no_damage_changes_nothing() -> None:
    damage = Damage(modalities=0.3, tokens=0.3, occlusion=0.2, noise=0.1)
    clip = {"voice": features()}
    first, second, other = (
        damaged(sheet(50), clip, damage, np.random.default_rng(seed)) for seed in (5, 5, 6)
    )
    assert first[0] == second[0]
    assert np.array_equal(first[1]["voice"].array, second[1]["voice"].array)
    assert first[0] != other[0]
    whole = sheet(5)
    assert damaged(whole, clip, Damage(), np.random.default_rng(0))[0] is whole
    with pytest.raises(ValidationError):
        Damage(tokens=1.5)


def test_cues_and_features_lose_the_same_modality() -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        clip = {"face": features(20, Modality.VISUAL)}
        cues, tracks = damaged(sheet(5), clip, Damage(modalities=0.5), rng)
        seen = any(c.modality is Modality.VISUAL for c in cues.cues)
        assert seen == (tracks["face"].absent is None)
