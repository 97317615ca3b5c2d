"""Seconds per second of speech of our prosody, of librosa's pYIN, and of the whole extractor.

`python benchmarks/voice_speed.py [RECORDING] [--seconds 30]`; the recording, or the example clip's
sound, is repeated to length.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from affect_llm.config import MediaLimits
from affect_llm.cues.voice.extractor import VoiceCues
from affect_llm.cues.voice.frames import describe
from affect_llm.cues.voice.pitch import track_pitch
from affect_llm.cues.voice.prosody import measure_prosody
from affect_llm.cues.voice.vad import webrtc_speech
from affect_llm.media.load import load_clip
from affect_llm.types import AUDIO_RATE_HZ, TimeSpan
from workshop.voice.sound import sound_clip

DEMO = Path(__file__).parents[1] / "examples" / "demo.mp4"


def pyin(samples: NDArray[np.float32]) -> None:
    """Pitch by librosa's pYIN on the same grid and range."""
    import librosa

    librosa.pyin(samples, fmin=75, fmax=600, sr=AUDIO_RATE_HZ, hop_length=160)


def whole(samples: NDArray[np.float32], extractor: VoiceCues) -> None:
    """The extractor over windows of 20 s."""
    seconds = len(samples) / AUDIO_RATE_HZ
    starts = np.arange(0.0, seconds, 20.0)
    windows = [TimeSpan(start_s=s, end_s=min(s + 20.0, seconds)) for s in starts]
    extractor.extract(sound_clip(samples, "benchmark"), windows)


def seconds_per_second(run: Callable[[], object], seconds: float) -> float:
    """Fastest of three runs after a first one that warms up."""
    run()
    times = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times) / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recording", type=Path, nargs="?", default=DEMO)
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    source = load_clip(given.recording, limits=MediaLimits()).source
    assert source is not None, "a recording has a source"
    once = np.concatenate([window.samples for window in source.audio(30.0)])
    samples = np.resize(once, int(given.seconds * AUDIO_RATE_HZ))
    extractor = VoiceCues()
    runs: dict[str, Callable[[], object]] = {
        "our pitch": lambda: track_pitch(samples),
        "our prosody": lambda: measure_prosody(describe(samples, webrtc_speech)),
        "VoiceCues, all": lambda: whole(samples, extractor),
        "librosa pYIN (pitch alone)": lambda: pyin(samples),
    }
    print(json.dumps({n: round(seconds_per_second(r, given.seconds), 5) for n, r in runs.items()}))


if __name__ == "__main__":
    main()
