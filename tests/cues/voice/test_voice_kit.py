from pathlib import Path

import numpy as np
import pytest

from affect_llm.config import MediaLimits
from affect_llm.cues.kinds import EMOTIONS
from affect_llm.cues.voice.extractor import VoiceCues
from affect_llm.cues.voice.vad import silero_speech, webrtc_speech
from affect_llm.media.load import load_clip
from affect_llm.types import TimeSpan
from workshop.voice.clips import SpeechClip, read_clips, read_samples
from workshop.voice.evaluation import unweighted_recall
from workshop.voice.sound import sound_clip

DATA = Path(__file__).parents[4] / "shared" / "data" / "speech"
pytestmark = [
    pytest.mark.kit,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no development data in {DATA}"),
]


def guess(extractor: VoiceCues, clip: SpeechClip) -> int:
    loaded = load_clip(clip.path, limits=MediaLimits())
    span = TimeSpan(start_s=0, end_s=loaded.duration_s)
    found = extractor.extract(loaded, [span]).measurements
    score = {m.name: float(m.value) for m in found if m.unit == "p"}
    return int(np.argmax([score[f"voice.{e}"] for e in EMOTIONS]))


def test_unheard_actors_are_recognised_far_above_chance() -> None:
    test = [c for c in read_clips(DATA) if c.test and c.corpus == "ravdess"]
    chosen = test[::3]  # 80 clips of four actors
    extractor = VoiceCues()
    guesses = np.array([guess(extractor, c) for c in chosen])
    labels = np.array([EMOTIONS.index(c.emotion) for c in chosen])
    assert unweighted_recall(labels, guesses) >= 0.5
    assert unweighted_recall(np.random.default_rng(0).permutation(labels), guesses) < 0.3


def test_silero_finds_speech_when_it_is_in_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("onnxruntime")
    weights = DATA.parent / "weights" / "silero_vad" / "silero_vad.onnx"
    monkeypatch.setattr("affect_llm.cues.voice.extractor.locate", lambda name: weights)
    extractor = VoiceCues()
    spoken = read_samples(next(c.path for c in read_clips(DATA) if c.test))
    heard, quiet = (sound_clip(x, "x") for x in (spoken, np.zeros(32_000, np.float32)))
    found = extractor.extract(heard, [TimeSpan(start_s=0, end_s=heard.duration_s)])
    assert any(m.source == "prosody@1#silero" for m in found.measurements)
    assert extractor.extract(quiet, [TimeSpan(start_s=0, end_s=2)]).measurements == ()
    mask = silero_speech(weights)(spoken)
    assert (mask == webrtc_speech(spoken)).mean() > 0.6
