"""One suite for every registered encoder."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from made_clips import noise_images, picture_clip, sound_clip, spoken_clip, voice_like

from affect_llm.encoders.encoder import Encoder
from affect_llm.encoders.registry import ENCODERS, open_encoder
from affect_llm.encoders.runner import encode, encode_all
from affect_llm.errors import ConfigError
from affect_llm.types import Clip, Modality

OWN = ("face-light", "fake-audio", "fake-text", "fake-visual", "voice-light")
Opener = Callable[[dict[str, object]], Encoder]


def clips_of(modality: Modality) -> list[Clip]:
    if modality is Modality.AUDIO:
        return [sound_clip(voice_like(s, seed)) for seed, s in enumerate((1.7, 0.9, 1.7))]
    if modality is Modality.TEXT:
        words = ("the cues suggest a wide smile", "no", "she says no while a voice")
        return [spoken_clip((text, 0.0, 1.0), ("and", 1.0, 1.5)) for text in words]
    return [picture_clip(noise_images(count, 64, count)) for count in (7, 12, 7)]


@pytest.fixture(params=ENCODERS.names())
def opener(
    request: pytest.FixtureRequest,
    checkpoints: Callable[[str], Path],
    open_clip_file: tuple[Path, str],
) -> Opener:
    name = request.param
    base: dict[str, object] = {}
    if name == "open-clip":
        base = {"checkpoint": str(open_clip_file[0]), "architecture": open_clip_file[1]}
    elif name not in OWN:
        base = {"checkpoint": str(checkpoints(name))}
    return lambda options: open_encoder(name, base | options)


def test_features_keep_the_contract(opener: Opener) -> None:
    encoder = opener({})
    for clip in clips_of(encoder.modality):
        found = encode(encoder, clip)
        assert found.modality is encoder.modality
        assert found.source == encoder.provenance
        assert found.array.dtype == np.float32
        assert found.width == encoder.width
        if found.absent is None:
            assert found.times_s.max() <= clip.duration_s + 1e-6
        else:
            assert "no face" in found.absent.reason, "noise holds no face, all else has rows"


def test_company_in_a_batch_changes_nothing(opener: Opener) -> None:
    clips = clips_of(opener({}).modality)
    alone = [encode(opener({"batch": 1}), clip) for clip in clips]
    for together in (
        list(encode_all(opener({"batch": 5}), clips)),
        list(encode_all(opener({"batch": 5}), clips[::-1]))[::-1],
    ):
        for one, other in zip(alone, together, strict=True):
            np.testing.assert_allclose(one.array, other.array, atol=2e-6, rtol=1e-5)
            np.testing.assert_array_equal(one.times_s, other.times_s)


def test_what_is_missing_is_an_absence_with_a_reason(opener: Opener) -> None:
    encoder = opener({})
    other = Modality.AUDIO if encoder.modality is not Modality.AUDIO else Modality.TEXT
    found = encode(encoder, clips_of(other)[0])
    assert found.absent is not None
    assert found.absent.reason
    assert found.array.shape == (0, encoder.width)


def test_options_are_part_of_the_provenance_and_unknown_ones_are_refused(opener: Opener) -> None:
    assert opener({"batch": 1}).provenance == opener({"batch": 3}).provenance
    with pytest.raises(ConfigError, match=r"no option 'colour'. Known: device, batch"):
        opener({"colour": 1})
    with pytest.raises(ConfigError, match="batch"):
        opener({"batch": 0})


def test_steps_are_in_time_order(opener: Opener) -> None:
    encoder = opener({})
    found = encode(encoder, clips_of(encoder.modality)[0])
    assert all(a <= b for a, b in pairwise(found.times_s[:, 0]))
