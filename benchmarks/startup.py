"""What a cold start costs, beside a bare interpreter and `import torch` in the same run.

Every row is a process of its own: the fastest wall-clock and processor seconds of several runs,
and the largest peak of resident memory. Run it on a machine that does nothing else:

    python benchmarks/startup.py [--runs 5]
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

PROGRAM = "from affect_llm.cli import program; program()"
DEMO = Path(__file__).parents[1] / "examples" / "demo.mp4"
TEXT = "I can't believe you did that. I hate you!"
ROWS = {
    "python -c pass": ["-c", "pass"],
    "import torch": ["-c", "import torch"],
    "import torch, transformers' Llama": [
        *("-c", "import torch; from transformers import LlamaForCausalLM")
    ],
    "affect-llm --help": ["-c", PROGRAM, "--help"],
    "affect-llm analyze --text": ["-c", PROGRAM, "analyze", "--text", TEXT],
    "affect-llm analyze examples/demo.mp4": ["-c", PROGRAM, "analyze", str(DEMO)],
}


def cost(arguments: list[str]) -> tuple[float, float, float]:
    """Wall-clock seconds, processor seconds and peak MiB of one process."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - start
    if status:
        raise SystemExit(f"It ended with {os.waitstatus_to_exitcode(status)}: {arguments}")
    # The peak is in KiB on Linux and in bytes on macOS.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    print("| cold start | seconds | processor seconds | peak MiB |\n| --- | --- | --- | --- |")
    for name, arguments in ROWS.items():
        walls, processor, peaks = zip(*(cost(arguments) for _ in range(runs)), strict=True)
        print(
            f"| {name} | {min(walls):.2f} | {min(processor):.2f} | {max(peaks):.0f} |", flush=True
        )


if __name__ == "__main__":
    main()
