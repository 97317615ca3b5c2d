"""Peak memory and time of the media layer alone for clips from ten seconds to an hour.

Run: python benchmarks/media_memory.py [--seconds 10 60 600 3600]
For each length a fresh process loads a generated 640 x 360 clip, takes pictures at 4 Hz and sound
in windows of 10 s. Memory is the sum of the peak resident sizes of that process and of its
decoding processes (Linux: VmHWM), so it is an upper bound of what was held at one time.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import av
import psutil
from media_decode import write_clip

from affect_llm.config import MediaLimits
from affect_llm.media.load import load_clip

UNIT_S = 10


def repeat(unit: Path, path: Path, times: int) -> Path:
    """`unit` over and over, its packets copied without coding them again."""
    with av.open(str(path), "w") as out:
        with av.open(str(unit)) as source:
            streams = {s.index: out.add_stream_from_template(s) for s in source.streams}
        last = dict.fromkeys(streams, -1)
        for turn in range(times):
            with av.open(str(unit)) as source:
                for packet in source.demux():
                    if packet.dts is None:
                        continue
                    shift = round(turn * UNIT_S / packet.time_base)
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    index = packet.stream.index
                    if turn and packet.dts <= last[index]:
                        continue  # the coder's padding at the seam
                    last[index] = packet.dts
                    packet.stream = streams[index]
                    out.mux(packet)
    return path


def peak_mib(process: psutil.Process) -> float:
    """Largest resident size so far."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def run_once(path: Path) -> dict[str, float]:
    began = time.perf_counter()
    clip = load_clip(path, limits=MediaLimits())
    assert clip.source is not None
    frames = sum(1 for _ in clip.source.frames(4.0))
    samples = sum(len(window.samples) for window in clip.source.audio(10.0))
    taken = time.perf_counter() - began
    this = psutil.Process()
    children = [peak_mib(child) for child in this.children(recursive=True)]
    return {
        "duration_s": round(clip.duration_s, 2),
        "frames": frames,
        "audio_s": samples / 16_000,
        "seconds": round(taken, 3),
        "s_per_s": round(taken / clip.duration_s, 5),
        "peak_mib": round(peak_mib(this) + sum(children), 1),
        "children_mib": round(sum(children), 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", nargs="+", type=int, default=[10, 60, 600, 3600])
    parser.add_argument("--one", type=Path, help="measure this file in this process")
    given = parser.parse_args()
    if given.one:
        print(json.dumps(run_once(given.one)))
        return 0
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        unit = write_clip(Path(folder) / "unit.mp4", UNIT_S, (640, 360))
        for seconds in given.seconds:
            clip = repeat(unit, Path(folder) / f"{seconds}.mp4", max(1, seconds // UNIT_S))
            command = [sys.executable, __file__, "--one", str(clip)]
            out = subprocess.run(command, capture_output=True, text=True, check=True)
            rows.append(json.loads(out.stdout))
            print("  ".join(f"{key} {value}" for key, value in rows[-1].items()))
    peaks = [row["peak_mib"] for row in rows]
    print(
        json.dumps({"benchmark": "media_memory", "spread": max(peaks) / min(peaks), "rows": rows})
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
