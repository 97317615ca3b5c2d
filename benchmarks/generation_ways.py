"""Clips a minute of the embedded model: one by one, batched, and behind vLLM, in one run.

Each clip is a cue sheet of words, a face and a voice, answered as `affect-llm analyze` answers it:
label probabilities, then verdicts, then sentences that are chosen; and again at one go, as a
model that writes is asked. The answers of all ways are compared. `generation_speed.py` runs it
last; vLLM is left out where its environment is not built (make test-vllm).
"""

import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from affect_llm.config import ServerSettings, Settings
from affect_llm.cues.catalogue import number_cues
from affect_llm.cues.extractor import Extraction
from affect_llm.prompting.reason import reason_prompt
from affect_llm.reasoners.reasoner import Reasoner
from affect_llm.reasoners.registry import open_reasoner
from affect_llm.reasoners.request import Answered, ask
from affect_llm.store.shipped import shipped
from affect_llm.types import CueSheet, Modality

sys.path.append(str(Path(__file__).parents[1] / "tests" / "reasoners"))
from soft_prompts import measured

HERE = Path(__file__).parent
LABELS = ("anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise")
WORDS = ("I", "can't", "believe", "you", "never", "told", "me", "that", "it", "was", "over", "so")
ROWS = (
    (Modality.VISUAL, "face", "AU04", "FACS 0-5", 5.0),
    (Modality.VISUAL, "face", "AU12", "FACS 0-5", 5.0),
    (Modality.AUDIO, "voice", "voice.anger", "p", 1.0),
    (Modality.AUDIO, "voice", "voice.arousal", "-1..1", 1.0),
)


def sheet(rng: random.Random) -> CueSheet:
    said = " ".join(rng.choices(WORDS, k=rng.randint(3, 20)))
    rows = [measured(Modality.TEXT, "words", "words", said, "text")]
    rows += [
        measured(modality, family, name, round(rng.uniform(0, most), 2), unit)
        for modality, family, name, unit, most in ROWS
    ]
    return number_cues([Extraction(tuple(rows))])


def timed(reasoner: Reasoner, sheets: list[CueSheet]) -> tuple[float, list[Answered]]:
    """Clips a minute, after one clip to warm up, and the answers."""
    questions = [(reason_prompt(s, LABELS), s) for s in sheets]
    ask(reasoner, questions[:1], max_new_tokens=400)
    start = time.perf_counter()
    answered = ask(reasoner, questions, max_new_tokens=400)
    return len(sheets) * 60 / (time.perf_counter() - start), answered


def compare_ways(clips: int, batch: int) -> None:
    rng = random.Random(0)
    sheets = [sheet(rng) for _ in range(clips)]
    compared = [Compared(sheets, writes=writes) for writes in (False, True)]
    for one in compared:
        print(f"\n{one.title:36s} clips/min   to one by one   same answers")
        for size in (1, batch, clips):
            opened = open_reasoner(Settings(batch_size=size, device="cpu"))
            one.row(f"in process, {size} at once", opened)
    served(compared)


class Compared:
    """Ways to answer the same clips, each beside the first.

    Args:
        sheets: of the clips.
        writes: asked as a large model is, which writes its whole answer at one go under the
            schema; otherwise as the embedded one is, which chooses its sentences in steps.
    """

    def __init__(self, sheets: list[CueSheet], *, writes: bool) -> None:
        self.sheets = sheets
        self.writes = writes
        self.title = "writes at one go" if writes else "chooses its sentences"
        self.first: tuple[float, list[Answered]] | None = None

    def row(self, name: str, reasoner: Reasoner) -> None:
        """Measure a way and print it."""
        if self.writes:
            reasoner.capabilities |= {"writes"}
        rate, answered = timed(reasoner, self.sheets)
        self.first = self.first or (rate, answered)
        pairs = zip(answered, self.first[1], strict=True)
        same = sum(one[1].text == two[1].text for one, two in pairs)
        ratio = rate / self.first[0]
        print(f"{name:36s} {rate:9.1f} {ratio:14.2f}x {same:9d} of {len(self.sheets)}", flush=True)


def served(compared: list[Compared]) -> None:
    python = HERE.parent / ".venv-vllm" / "bin" / "python"
    if not python.exists():
        print("vLLM: its environment is not built (make test-vllm)")
        return
    os.environ.setdefault("VLLM_PYTHON", str(python))
    for name, flags in (
        ("vLLM", []),
        ("vLLM, no prefix caching", ["--no-enable-prefix-caching"]),
    ):
        with server(*flags) as url:
            for one in compared:
                at = ServerSettings(url=url, concurrency=len(one.sheets))
                opened = open_reasoner(Settings(reasoner="vllm", server=at))
                one.row(f"{name}: {one.title}", opened)


@contextmanager
def server(*flags: str) -> Iterator[str]:
    """The server of tests/vllm, without LoRA modules and soft tokens."""
    sys.path.append(str(HERE.parent / "tests" / "vllm"))
    from running_vllm import running

    with (
        TemporaryDirectory() as folder,
        running(Path(shipped("embedded")), [], Path(folder) / "log.txt", *flags) as started,
    ):
        yield started.url
