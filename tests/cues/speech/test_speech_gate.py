from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from speech_clips import clip_of, syllables, white

from affect_llm.cues.speech.extractor import SpeechCues
from affect_llm.cues.speech.fake import SENTENCE, FakeTranscriber
from affect_llm.cues.speech.gate import speech_mask
from affect_llm.cues.speech.recognition import chunks_of, recognise
from affect_llm.types import AUDIO_RATE_HZ, TimeSpan

SECONDS = 6.0


def hum(seconds: float) -> np.ndarray:
    time = np.arange(int(seconds * AUDIO_RATE_HZ)) / AUDIO_RATE_HZ
    return (0.3 * np.sin(2 * np.pi * 50 * time)).astype(np.float32)


def clicks(seconds: float) -> np.ndarray:
    samples = white(seconds, 0.0005)
    samples[:: AUDIO_RATE_HZ // 2] = 0.9
    return samples


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(int(SECONDS * AUDIO_RATE_HZ), dtype=np.float32),
        white(SECONDS, 1e-4),
        white(SECONDS, 0.01),
        white(SECONDS, 0.3),
        np.cumsum(white(SECONDS, 0.001)).astype(np.float32),
        hum(SECONDS),
        clicks(SECONDS),
        np.zeros(0, dtype=np.float32),
        np.zeros(100, dtype=np.float32),
    ],
    ids=["silence", "hiss", "noise", "loud noise", "rumble", "hum", "clicks", "none", "shorter"],
)
def test_a_recogniser_that_invents_words_is_not_even_asked(samples: np.ndarray) -> None:
    assert list(recognise(clip_of(samples), FakeTranscriber(), None)) == []
    found = SpeechCues("fake").extract(clip_of(samples), [TimeSpan(start_s=0, end_s=SECONDS)])
    assert found.measurements == ()
    assert found.absent[0].reason == "no speech was recognised in the sound"


def test_speech_is_heard() -> None:
    heard = list(recognise(clip_of(syllables(SECONDS)), FakeTranscriber(), None))
    assert [h.text for h in heard] == [SENTENCE]


def test_speech_between_silences_is_found_where_it_is() -> None:
    quiet = np.zeros(3 * AUDIO_RATE_HZ, dtype=np.float32)
    samples = np.concatenate([quiet, syllables(2.0), quiet])
    mask = speech_mask(samples)
    assert mask[300:500].mean() > 0.8
    assert mask[:270].sum() == 0
    assert mask[540:].sum() == 0


def test_long_sound_is_cut_where_it_is_quiet_and_nothing_is_lost() -> None:
    samples = syllables(75.0)
    clip = clip_of(samples)
    assert clip.source is not None
    chunks = list(chunks_of(clip.source.audio(30.0)))
    assert len(chunks) >= 3
    assert all(len(c.samples) <= 30 * AUDIO_RATE_HZ for c in chunks)
    assert np.array_equal(np.concatenate([c.samples for c in chunks]), samples)
    for before, after in pairwise(chunks):
        assert after.start_s == pytest.approx(before.start_s + len(before.samples) / AUDIO_RATE_HZ)
        around = np.concatenate([before.samples[-800:], after.samples[:800]])
        assert np.abs(around).max() < 0.05


def test_times_are_those_of_the_clip() -> None:
    heard = list(recognise(clip_of(syllables(75.0)), FakeTranscriber(), None))
    assert heard[0].start_s == 0
    assert heard[-1].end_s == pytest.approx(75.0)
    assert heard[1].words[0].start_s == pytest.approx(heard[1].start_s)
    assert all(a.end_s == pytest.approx(b.start_s) for a, b in pairwise(heard))


@pytest.mark.kit
def test_real_speech_passes_and_its_pauses_do_not() -> None:
    kit = Path(__file__).parents[4] / "shared" / "data" / "speech"
    if not kit.is_dir():
        pytest.skip("the development data is not beside the project")
    import av

    shares = []
    files = sorted((kit / "ravdess").rglob("*.flac"))[::80]
    for file in files:
        with av.open(str(file)) as media:
            parts = [f.to_ndarray().ravel() for f in media.decode(audio=0)]
        samples = np.concatenate(parts).astype(np.float32) / 32768
        shares.append(speech_mask(samples).mean())
    assert min(shares) > 0.15
    assert np.mean(shares) < 0.8
