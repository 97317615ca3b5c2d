"""How long `affect-llm --help` takes, beside a bare interpreter and `import torch`, in one run.

python benchmarks/startup.py
"""

import json
import subprocess
import sys
import time

RUNS = 7
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "affect-llm --help": ["-c", "from affect_llm.cli import main; main()", "--help"],
    "import torch": ["-c", "import torch"],
}


def fastest_s(arguments: list[str]) -> float:
    took = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        took.append(time.perf_counter() - start)
    return min(took)


if __name__ == "__main__":
    print(json.dumps({name: round(fastest_s(a), 3) for name, a in COMMANDS.items()}, indent=2))
