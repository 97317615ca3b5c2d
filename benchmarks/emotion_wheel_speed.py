"""Emotion-wheel scores beside the same rules written as they read, in one run.

python benchmarks/emotion_wheel_speed.py [FOLDER WITH THE OFFICIAL TABLES]

The other side looks each label up anew in each of the twelve metrics, as the published code does,
and reads its tables with pandas: once, and the way the published code reads them, which opens the
wheels and the synonyms again for each of the eight runs.
Times are CPU seconds of this process, the best of a few runs, and do not include imports. "cold"
compiles the tables, "warm" finds them in the cache.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from affect_llm.labels.official.word_tables import METRICS
from affect_llm.metrics.emotion_wheel import OfficialVocabulary
from affect_llm.metrics.open_set_score import score_open_set

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "metrics"))
import slow_wheel_rules

RUNS = 5
CLIPS = 2000


def best_s(work: Callable[[], object], runs: int = RUNS) -> float:
    took = []
    for _ in range(runs):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return min(took)


def pandas_sheet(path: Path) -> list[dict[str, str | None]]:
    import pandas

    table = pandas.read_excel(path, engine="openpyxl")
    return table.astype(object).where(table.notna(), None).to_dict("records")


def read_for_every_run(folder: Path) -> None:
    for _ in range(8):
        for name in ("synonym", *(f"wheel{wheel}" for wheel in range(1, 6))):
            pandas_sheet(folder / f"{name}.xlsx")


def label_sets(words: list[str], clips: int, draw: random.Random) -> dict[str, str]:
    """1 to 6 labels a clip, printed as a list."""
    return {
        f"clip_{i:06}": str([draw.choice(words) for _ in range(draw.randint(1, 6))])
        for i in range(clips)
    }


def reading(folder: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as root:
        fresh = iter(range(1000))
        warm = Path(root) / "warm"
        OfficialVocabulary.official("2025", folder, warm)
        OfficialVocabulary.official("2026", folder, warm)
        return {
            "once": best_s(lambda: slow_wheel_rules.read_2025(folder), 2),
            "for every run": best_s(lambda: read_for_every_run(folder), 2),
            "2025 cold": best_s(
                lambda: OfficialVocabulary.official("2025", folder, Path(root) / str(next(fresh)))
            ),
            "2025 warm": best_s(lambda: OfficialVocabulary.official("2025", folder, warm)),
            "2026 cold": best_s(
                lambda: OfficialVocabulary.official("2026", folder, Path(root) / str(next(fresh)))
            ),
            "2026 warm": best_s(lambda: OfficialVocabulary.official("2026", folder, warm)),
        }


def scoring(folder: Path, different_words: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as cache:
        vocabulary = OfficialVocabulary.official("2025", folder, Path(cache))
    tables = slow_wheel_rules.read_2025(folder)
    draw = random.Random(0)
    words = [*draw.sample(sorted(tables.forms), different_words), "neutral", "unheard of"]
    gold, said = (label_sets(words, CLIPS, draw) for _ in range(2))
    more = [label_sets(words, 10 * CLIPS, draw) for _ in range(2)]

    def as_it_reads() -> None:
        for metric in METRICS:
            slow_wheel_rules.score(tables, gold, said, metric, False)

    return {
        "as it reads": best_s(as_it_reads, 2),
        "ours": best_s(lambda: score_open_set(gold, said, vocabulary)),
        "ours, ten times the clips": best_s(lambda: score_open_set(*more, vocabulary), 2),
    }


def main() -> None:
    kit = Path(__file__).parents[2] / "shared" / "data" / "emotion_wheels"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else kit
    if not folder.is_dir():
        sys.exit(f"Emotion wheels: not measured, the official tables are not in {folder}.")
    slow_wheel_rules.sheet = pandas_sheet
    pandas_sheet(folder / "wheel1.xlsx")
    report = {"reading, s": reading(folder)}
    for words in (300, 2000):
        report[f"12 metrics, {CLIPS} clips, {words} different words, s"] = scoring(folder, words)
    for part in report.values():
        theirs = [name for name in ("once", "for every run", "as it reads") if name in part]
        ours = [name for name in part if name not in theirs and "ten times" not in name]
        part |= {f"{b}: times faster than {a}": part[a] / part[b] for a in theirs for b in ours}
    rounded = {p: {k: float(f"{v:.3g}") for k, v in part.items()} for p, part in report.items()}
    print(json.dumps(rounded, indent=2))


if __name__ == "__main__":
    main()
