"""What an analysis costs: seconds per second of media and peak memory, by length of the clip.

A talking-head clip is repeated to 10 s, 1 min, 10 min (and 60 min with --long). Every extractor
alone and the whole pipeline are measured, each in a process of its own, whose memory is summed
with that of its children (resident pages, those they share counted in each). Run it as

    python benchmarks/whole_pipeline.py [--long] [--clip examples/demo.mp4] [--out FOLDER]

It writes whole_pipeline.json and prints a table.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import av
import psutil

from affect_llm.config import Settings
from affect_llm.cues.families import extractors_for
from affect_llm.errors import AffectError
from affect_llm.media.load import load_clip
from affect_llm.pipeline import Failure, Pipeline, Source, split_windows
from affect_llm.types import Modality

ROOT = Path(__file__).parents[1]
LENGTHS_S = (10, 60, 600)
LONG_S = 3600
PARTS = {
    "face, light": {"modalities": (Modality.VISUAL,), "face": "light", "scene": "off"},
    "face, mediapipe": {"modalities": (Modality.VISUAL,), "face": "mediapipe", "scene": "off"},
    "voice": {"modalities": (Modality.AUDIO,)},
    "words": {"modalities": (Modality.TEXT,)},
    "whole": {},
}
SAMPLE_EVERY_S = 0.05
GAP_S = 0.2
"""Between two rounds, so that decoding times still rise where frames are reordered."""


@dataclass(frozen=True, slots=True)
class Cost:
    """`start_s` is importing and loading; `seconds` is the work on the clip alone."""

    part: str
    length_s: float
    start_s: float
    seconds: float
    peak_mib: float

    @property
    def per_second(self) -> float:
        """Seconds of work per second of media."""
        return self.seconds / self.length_s


def repeated(clip: Path, length_s: float, target: Path) -> Path:
    """`clip` end to end until `length_s`, video and audio copied without encoding again."""
    with av.open(str(clip)) as source, av.open(str(target), "w") as out:
        streams = [*source.streams.video[:1], *source.streams.audio[:1]]
        copies = {stream.index: out.add_stream_from_template(stream) for stream in streams}
        once_s = source.duration / av.time_base + GAP_S
        for start_s in (n * once_s for n in range(int(length_s / once_s) + 1)):
            source.seek(0)
            for packet in source.demux(streams):
                if packet.dts is None or start_s + packet.pts * packet.time_base >= length_s:
                    continue
                shift = round(start_s / packet.time_base)
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                packet.stream = copies[packet.stream.index]
                out.mux(packet)
    return target


def work(clip: Path, part: str) -> dict[str, float]:
    """Do one part's work on a clip, in this process; seconds to start and to work."""
    began = time.perf_counter()
    settings = Settings(**PARTS[part])
    if part == "whole":
        pipeline = Pipeline(settings)
        ready = time.perf_counter()
        (outcome,) = pipeline.run([Source(path=clip)])
        if isinstance(outcome, Failure):
            raise SystemExit(outcome.message)
    else:
        extractors, _ = extractors_for(settings)
        ready = time.perf_counter()
        media = load_clip(clip, transcript=None, language=None, limits=settings.limits)
        windows = split_windows(media.duration_s, settings.window_s)
        for extractor in extractors:
            extractor.extract(media, windows)
    return {"start_s": ready - began, "seconds": time.perf_counter() - ready}


def measured(clip: Path, part: str, length_s: float) -> Cost | str:
    """The cost of a part in a process of its own, or why there is none."""
    command = [sys.executable, __file__, "--work", part, "--clip", str(clip)]
    with tempfile.TemporaryFile("w+") as said:
        process = psutil.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True)
        peak = 0
        while process.poll() is None:
            peak = max(peak, tree_bytes(process))
            time.sleep(SAMPLE_EVERY_S)
        answer = process.stdout.read()
        if process.returncode != 0:
            said.seek(0)
            return (said.read().strip().splitlines() or ["it ended without a word"])[-1]
    return Cost(part, length_s, peak_mib=peak / 2**20, **json.loads(answer.splitlines()[-1]))


def tree_bytes(process: psutil.Process) -> int:
    """Resident bytes of a process and all below it."""
    total = 0
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for member in family:
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def table(costs: list[Cost]) -> str:
    """A Markdown table, with memory and speed against those of the shortest clip."""
    lines = [
        "| part | clip | start | work | work per second of media | peak memory | to shortest |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    shortest: dict[str, float] = {}
    for cost in costs:
        first = shortest.setdefault(cost.part, cost.peak_mib)
        lines.append(
            f"| {cost.part} | {cost.length_s:.0f} s | {cost.start_s:.1f} s | {cost.seconds:.1f} s "
            f"| {cost.per_second:.3f} | {cost.peak_mib:.0f} MiB | {cost.peak_mib / first:.2f} |"
        )
    return "\n".join(lines)


def compare(clip: Path, lengths: tuple[int, ...], out: Path, parts: list[str]) -> str:
    costs: list[Cost] = []
    missing: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        clips = {n: repeated(clip, n, Path(folder) / f"{n}.mp4") for n in lengths}
        for part in parts:
            for length_s, path in clips.items():
                print(f"{part}, {length_s} s", file=sys.stderr, flush=True)
                cost = measured(path, part, length_s)
                if isinstance(cost, str):
                    missing.append(f"Not measured: {part}, {length_s} s: {cost}")
                    break
                costs.append(cost)
    out.mkdir(parents=True, exist_ok=True)
    record = {"clip": clip.name, "costs": [asdict(cost) for cost in costs], "missing": missing}
    (out / "whole_pipeline.json").write_text(json.dumps(record, indent=2) + "\n")
    return "\n\n".join([table(costs), *missing])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clip", type=Path, default=ROOT / "examples" / "demo.mp4")
    parser.add_argument("--out", type=Path, default=Path("."))
    parser.add_argument("--long", action="store_true", help="also 60 minutes")
    parser.add_argument("--lengths", type=int, nargs="+", help="seconds, instead of the usual")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--work", choices=PARTS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        try:
            print(json.dumps(work(given.clip, given.work)))
        except AffectError as error:
            raise SystemExit(str(error)) from error
        return
    lengths = tuple(given.lengths or (*LENGTHS_S, *((LONG_S,) if given.long else ())))
    print(compare(given.clip, lengths, given.out, given.parts))


if __name__ == "__main__":
    main()
