"""The encoders that come with the package."""

from pathlib import Path

import numpy as np
import pytest
from made_clips import sound_clip, voice_like

from affect_llm.config import MediaLimits
from affect_llm.cues.voice.frames import describe
from affect_llm.cues.voice.functionals import functionals
from affect_llm.cues.voice.head import VoiceHead
from affect_llm.cues.voice.head_input import head_input
from affect_llm.cues.voice.vad import webrtc_speech
from affect_llm.encoders.registry import open_encoder
from affect_llm.encoders.runner import encode
from affect_llm.media.load import load_clip
from affect_llm.store.shipped import shipped

KIT = Path(__file__).parents[3] / "shared" / "data"
LAYERS = ("frames", "functionals", "hidden")


def test_frames_are_what_the_voice_head_reads() -> None:
    samples = voice_like(1.5)
    wanted = head_input(describe(samples, webrtc_speech)).sequence
    found = encode(open_encoder("voice-light"), sound_clip(samples))
    np.testing.assert_array_equal(found.array, wanted)
    np.testing.assert_allclose(found.times_s[:3], [[0, 0.035], [0.005, 0.055], [0.025, 0.075]])
    pooled = encode(open_encoder("voice-light", {"pool": 5}), sound_clip(samples))
    np.testing.assert_allclose(pooled.array[1], wanted[5:10].mean(axis=0), atol=1e-5)


def test_functionals_are_those_of_the_windows_they_say() -> None:
    samples = voice_like(2.3)
    found = encode(open_encoder("voice-light", {"layer": "functionals"}), sound_clip(samples))
    assert found.times_s.tolist() == [[0, 1], [0.5, 1.5], [1, 2], [1.5, 2.3]]
    frames = describe(samples, webrtc_speech)
    wanted = functionals(frames.cut(50, 150)).astype(np.float32)
    np.testing.assert_allclose(found.array[1], wanted, rtol=1e-5, atol=1e-6)


def test_hidden_steps_see_what_their_spans_say() -> None:
    head = VoiceHead(shipped("voice_head"))
    sequence = head_input(describe(voice_like(4.0), webrtc_speech)).sequence
    before = head.steps(sequence)
    times = encode(
        open_encoder("voice-light", {"layer": "hidden"}), sound_clip(voice_like(4.0))
    ).times_s
    assert len(times) == len(before) == 25
    for changed in (1, 59, 111, 197):
        other = sequence.copy()
        other[changed] += 5  # and back at the next, as the head also hears the mean of all
        other[changed + 1] -= 5
        moved = np.flatnonzero(np.abs(head.steps(other) - before).max(axis=1) > 1e-6)
        assert len(moved)
        start, end = times[moved, 0], times[moved, 1]
        assert (start <= (changed + 1) * 0.02 + 1e-9).all()
        assert ((changed + 1) * 0.02 <= end + 1e-9).all()


@pytest.mark.parametrize("layer", LAYERS)
def test_silence_and_scraps_are_no_trouble(layer: str) -> None:
    encoder = open_encoder("voice-light", {"layer": layer})
    for samples in (np.zeros(24000, np.float32), voice_like(0.12), voice_like(0.37)):
        assert encode(encoder, sound_clip(samples)).absent is None
    found = encode(encoder, sound_clip(voice_like(0.02)))
    assert found.absent is not None


def test_a_long_clip_is_the_same_as_its_parts() -> None:
    """Windows of 24 s; spectra agree to the bit, the pitch path may differ near an edge."""
    samples = voice_like(27.0)
    whole = encode(open_encoder("voice-light"), sound_clip(samples))
    assert len(whole.array) == 1350
    assert (np.diff(whole.times_s[1:-1, 0]) > 0.0199).all()
    direct = head_input(describe(samples, webrtc_speech)).sequence
    np.testing.assert_allclose(whole.array[:, :64], direct[:, :64], atol=1e-4)


@pytest.mark.kit
@pytest.mark.slow
@pytest.mark.skipif(not KIT.is_dir(), reason="the development data is not beside the project")
def test_a_real_face_is_followed_and_a_clip_without_one_says_so() -> None:
    folder = KIT / "video" / "pyfeat"
    names = sorted(p.name for p in folder.glob("*.mp4"))
    encoder = open_encoder("face-light", {"rate_hz": 1})
    found = {n: encode(encoder, load_clip(folder / n, limits=MediaLimits())) for n in names}
    for name, features in found.items():
        if "no_face" in name:
            assert features.absent is not None
            assert "no face was found" in features.absent.reason
        else:
            assert features.array.shape[1] == 192
            assert len(features.array) >= 3
    readings = open_encoder("face-light", {"rate_hz": 1, "layer": "reading"})
    smiling = next(n for n in names if "no_face" not in n)
    clip = load_clip(folder / smiling, limits=MediaLimits())
    happiness = encode(readings, clip).array[:, 3]
    assert happiness.mean() > 0.5
