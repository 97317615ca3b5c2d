"""Seconds per second of media for sampling pictures: ours against OpenCV decoding every frame.

Run: python benchmarks/media_decode.py [--rates 4 0.5] [--seconds 60] [files …]
Prints a table and one JSON line. Ours includes the probe, the child process and the copy between
processes; it is timed with a process already running. Each side runs three times, the best counts;
processor time stands beside wall time because it depends less on what else the machine does.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import psutil

from affect_llm.config import MediaLimits
from affect_llm.media.load import load_clip

KIT_CLIPS = Path(__file__).parents[2] / "shared" / "data" / "video" / "pyfeat"


def write_clip(path: Path, seconds: float, size: tuple[int, int] = (1280, 720)) -> Path:
    """H.264 at 25 pictures a second with a moving square, and a tone in AAC."""
    width, height = size
    ground = np.random.default_rng(0).integers(60, 190, (height // 8, width // 8, 3), np.uint8)
    ground = np.kron(ground, np.ones((8, 8, 1), np.uint8))
    with av.open(str(path), "w") as out:
        video = out.add_stream("libx264", rate=25, options={"preset": "veryfast"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = out.add_stream("aac", rate=44_100)
        for second in range(round(seconds)):
            for number in range(second * 25, second * 25 + 25):
                image = ground.copy()
                left = number * 7 % (width - 100)
                image[height // 3 : height // 3 + 100, left : left + 100] = number % 256
                out.mux(video.encode(av.VideoFrame.from_ndarray(image, "rgb24")))
            tone = 0.3 * np.sin(np.arange(44_100) * (440 * 2 * np.pi / 44_100))
            frame = av.AudioFrame.from_ndarray(tone[None].astype(np.float32), "fltp", "mono")
            frame.rate, frame.pts = 44_100, second * 44_100
            out.mux(audio.encode(frame))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
    return path


def ours(path: Path, rate_hz: float) -> int:
    clip = load_clip(path, limits=MediaLimits())
    assert clip.source is not None
    return sum(1 for _ in clip.source.frames(rate_hz))


def every_frame_with_opencv(path: Path, rate_hz: float) -> int:
    """Decode everything and keep the frame at or after each sample time, as RGB."""
    capture = cv2.VideoCapture(str(path))
    goal, kept = 0.0, 0
    while True:
        read, image = capture.read()
        if not read:
            break
        if capture.get(cv2.CAP_PROP_POS_MSEC) / 1000 >= goal:
            cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
            goal, kept = goal + 1 / rate_hz, kept + 1
    capture.release()
    return kept


def processor_s() -> float:
    """Processor time of this process and of its decoding processes."""
    this = psutil.Process()
    times = [process.cpu_times() for process in [this, *this.children(recursive=True)]]
    return sum(spent.user + spent.system for spent in times)


def best_of(
    times: int, work: Callable[[Path, float], int], path: Path, rate_hz: float
) -> tuple[float, float]:
    """Least wall time and least processor time of `times` runs."""
    wall, processor = [], []
    for _ in range(times):
        began, spent = time.perf_counter(), processor_s()
        work(path, rate_hz)
        wall.append(time.perf_counter() - began)
        processor.append(processor_s() - spent)
    return min(wall), min(processor)


def measure(path: Path, rate_hz: float) -> dict[str, object]:
    duration_s = load_clip(path, limits=MediaLimits()).duration_s
    mine, mine_cpu = best_of(3, ours, path, rate_hz)
    other, other_cpu = best_of(3, every_frame_with_opencv, path, rate_hz)
    return {
        "clip": path.name,
        "duration_s": round(duration_s, 2),
        "rate_hz": rate_hz,
        "frames": ours(path, rate_hz),
        "ours_s_per_s": round(mine / duration_s, 5),
        "opencv_s_per_s": round(other / duration_s, 5),
        "times_faster": round(other / mine, 2),
        "ours_cpu_s_per_s": round(mine_cpu / duration_s, 5),
        "opencv_cpu_s_per_s": round(other_cpu / duration_s, 5),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rates", nargs="+", type=float, default=[4.0, 0.1])
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = write_clip(Path(folder) / "made-720p.mp4", given.seconds)
        files = [made, *(given.files or sorted(KIT_CLIPS.glob("*.mp4")))]
        rows = [measure(file, rate) for file in files for rate in given.rates]
    for row in rows:
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    print(json.dumps({"benchmark": "media_decode", "rows": rows}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
