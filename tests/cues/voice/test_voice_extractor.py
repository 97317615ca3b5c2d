from pathlib import Path

import numpy as np
import pytest
from scipy.signal import lfilter

from affect_llm.cues.catalogue import kind_of, word_of
from affect_llm.cues.extractor import Extraction
from affect_llm.cues.kinds import EMOTIONS
from affect_llm.cues.voice.extractor import VoiceCues
from affect_llm.cues.voice.family import VOICE
from affect_llm.cues.voice.frame_grid import Signal
from affect_llm.errors import WeightsError
from affect_llm.store.shipped import shipped
from affect_llm.types import AUDIO_RATE_HZ, Clip, Modality, TimeSpan
from workshop.voice.sound import sound_clip


def babble(seconds: float, f0_hz: float, syllables_s: float = 4.0) -> Signal:
    """Pulses through three formants that open and close like syllables."""
    n = int(seconds * AUDIO_RATE_HZ)
    time = np.arange(n) / AUDIO_RATE_HZ
    phase = np.cumsum(f0_hz * (1 + 0.02 * np.sin(2 * np.pi * 1.3 * time)) / AUDIO_RATE_HZ)
    sound = np.diff(np.floor(phase), prepend=0.0)
    for formant, width in ((700, 90), (1200, 110), (2500, 160)):
        r = np.exp(-np.pi * width / AUDIO_RATE_HZ)
        sound = lfilter(
            [1 - r], [1, -2 * r * np.cos(2 * np.pi * formant / AUDIO_RATE_HZ), r * r], sound
        )
    sound = sound * (0.05 + np.sin(np.pi * syllables_s * time) ** 2)
    noise = np.random.default_rng(0).normal(0, 1e-4, n)
    return (0.3 * sound / np.abs(sound).max() + noise).astype(np.float32)


def windows(seconds: float, size: float) -> list[TimeSpan]:
    starts = np.arange(0.0, seconds, size)
    return [TimeSpan(start_s=s, end_s=min(s + size, seconds)) for s in starts]


def hear(samples: Signal, size: float = 20.0) -> Extraction:
    return VoiceCues().extract(
        sound_clip(samples, "made"), windows(len(samples) / AUDIO_RATE_HZ, size)
    )


def test_a_voice_gets_every_cue_with_its_provenance() -> None:
    found = hear(babble(3.0, 120.0))
    by_name = {m.name: m for m in found.measurements}
    assert {f"voice.{e}" for e in EMOTIONS} <= set(by_name)
    assert {"pitch.mean", "loudness", "speech.rate", "hnr", "voice.arousal"} <= set(by_name)
    assert all(m.unit == kind_of(m.name).unit for m in found.measurements)
    assert all(m.family == kind_of(m.name).family and "#" in m.source for m in found.measurements)
    assert by_name["pitch.mean"].value == pytest.approx(120.0, rel=0.03)
    assert by_name["speech.rate"].value == pytest.approx(4.0, abs=0.7)
    assert sum(float(by_name[f"voice.{e}"].value) for e in EMOTIONS) == pytest.approx(1, abs=1e-3)
    assert found.absent == ()


def test_pitch_is_held_against_the_norm_of_its_kind_of_voice() -> None:
    low = {m.name: m for m in hear(babble(3.0, 120.0)).measurements}["pitch.mean"]
    high = {m.name: m for m in hear(babble(3.0, 210.0)).measurements}["pitch.mean"]
    assert low.baseline is not None
    assert low.baseline.kind == "norm"
    assert word_of(low) == word_of(high) == "typical"


def test_loudness_has_no_norm() -> None:
    loudness = {m.name: m for m in hear(babble(3.0, 120.0)).measurements}["loudness"]
    assert loudness.baseline is None
    assert word_of(loudness) is None


def test_a_long_clip_is_held_against_itself() -> None:
    calm, raised = babble(8.0, 120.0), babble(8.0, 190.0)
    found = hear(np.concatenate([calm, calm, calm, raised]), size=8.0)
    pitch = [m for m in found.measurements if m.name == "pitch.mean"]
    assert [m.baseline.kind for m in pitch if m.baseline] == ["speaker"] * 4
    deviations = [m.deviation for m in pitch]
    assert deviations[3] is not None
    assert deviations[3] > 1.0 > max(d for d in deviations[:3] if d is not None)


@pytest.mark.parametrize("samples", [np.zeros(32_000, np.float32), np.zeros(0, np.float32)])
def test_silence_is_absence(samples: Signal) -> None:
    found = VoiceCues().extract(sound_clip(samples, "quiet.wav"), [TimeSpan(start_s=0, end_s=2)])
    assert found.measurements == ()
    assert {a.family for a in found.absent} == {"prosody", "voice"}
    assert all(
        a.state == "absent" and "no speech was found in quiet.wav" in a.reason for a in found.absent
    )


def test_noise_is_not_speech() -> None:
    noise = np.random.default_rng(0).normal(0, 0.05, 64_000).astype(np.float32)
    assert hear(noise).measurements == ()


def test_no_sound_is_absence() -> None:
    clip = Clip(id="0", name="text", duration_s=0, modalities=frozenset({Modality.TEXT}))
    found = VoiceCues().extract(clip, [TimeSpan(start_s=0, end_s=1)])
    assert found.measurements == ()
    assert found.absent[0].reason == "the clip has no sound"


def test_the_most_prominent_comes_first() -> None:
    from affect_llm.cues.voice.measurements import prominence

    order = [prominence(m) for m in hear(babble(3.0, 400.0)).measurements]
    assert order == sorted(order, reverse=True)


def test_twice_the_same() -> None:
    sound = babble(2.0, 150.0)
    assert hear(sound) == hear(sound)


def test_missing_weights_leave_the_prosody(tmp_path: Path) -> None:
    found = VoiceCues(head=tmp_path).extract(
        sound_clip(babble(2.0, 120.0), "made"), [TimeSpan(start_s=0, end_s=2)]
    )
    assert {m.family for m in found.measurements} == {"prosody"}
    assert [(a.family, a.state) for a in found.absent] == [("voice", "failed")]


def test_altered_weights_are_refused(tmp_path: Path) -> None:
    from affect_llm.cues.voice.head import CONFIG_FILE, WEIGHTS_FILE, VoiceHead

    source = shipped("voice_head")
    (tmp_path / CONFIG_FILE).write_bytes((source / CONFIG_FILE).read_bytes())
    (tmp_path / WEIGHTS_FILE).write_bytes((source / WEIGHTS_FILE).read_bytes()[:-1] + b"x")
    with pytest.raises(WeightsError, match="damaged"):
        VoiceHead(tmp_path)


def test_every_registered_extractor_answers() -> None:
    assert VOICE.extractors.names() == ("fake", "light", "opensmile", "praat")
    fake = VOICE.extractors.get("fake")()
    clip = sound_clip(babble(1.0, 120.0), "made")
    found = fake.extract(clip, windows(1.0, 1.0))
    assert found == VOICE.extractors.get("fake")().extract(clip, windows(1.0, 1.0))
    assert found.measurements


@pytest.mark.parametrize(
    ("name", "package", "within"),
    [("praat", "parselmouth", 0.03), ("opensmile", "opensmile", 0.15)],
)
def test_other_software_agrees_on_pitch(name: str, package: str, within: float) -> None:
    pytest.importorskip(package)
    clip = sound_clip(babble(3.0, 120.0), "made")
    found = VOICE.extractors.get(name)().extract(clip, windows(3.0, 3.0))
    by_name = {m.name: m for m in found.measurements}
    assert by_name["pitch.mean"].value == pytest.approx(120.0, rel=within)
    assert by_name["hnr"].baseline is None
    assert by_name["pitch.mean"].baseline is not None
    assert by_name["pitch.mean"].source.startswith(name)
