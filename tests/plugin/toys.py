"""A reasoner, an encoder and a corpus as another package would write them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from affect_llm.config import Settings
from affect_llm.datasets.reader import Skips, check_split, read_table
from affect_llm.encoders.encoder import EncoderOptions, FeatureChunk, provenance_of
from affect_llm.reasoners.fake import FakeReasoner
from affect_llm.reasoners.spec import ReasonerSpec
from affect_llm.types import Absence, Clip, Completion, Modality, Prompt, Sample

LETTERS = "abcdefghijklmnopqrstuvwxyz"
TOY = ReasonerSpec(
    name="toy", summary="a toy", opener="toys:open_toy", model="required", model_form="a word"
)


class ToyReasoner(FakeReasoner):
    """The fake under a name that the user chose."""

    name = "toy"

    def __init__(self, model: str) -> None:
        self.model = model

    def complete(self, prompts: Sequence[Prompt], *, max_new_tokens: int) -> list[Completion]:
        """The fake's completions, signed."""
        completions = super().complete(prompts, max_new_tokens=max_new_tokens)
        return [one.model_copy(update={"model": f"toy:{self.model}"}) for one in completions]


def open_toy(settings: Settings) -> ToyReasoner:
    """The reasoner that `TOY` declares."""
    return ToyReasoner(TOY.model_of(settings))


class LetterShares:
    """The share of every letter in each segment of the transcript."""

    options_type = EncoderOptions
    modality = Modality.TEXT
    width = len(LETTERS)

    def __init__(self, options: EncoderOptions) -> None:
        self.batch = options.batch
        self.provenance = provenance_of("letters", 1, "none", options)

    def key(self, clip: Clip) -> str:
        """The words."""
        return repr(clip.transcript)

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        """One segment each."""
        for index, segment in enumerate(clip.transcript):
            counts = np.array([segment.text.lower().count(letter) for letter in LETTERS])
            span = (segment.span.start_s, segment.span.end_s)
            yield FeatureChunk(counts / max(1, counts.sum()), np.array([index]), np.array([span]))

    def forward(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """Shares are features already."""
        return np.asarray(inputs[:, None], dtype=np.float32)

    def nothing(self, clip: Clip) -> Absence:
        """Say that there is no transcript."""
        return Absence(modality=self.modality, state="absent", reason=f"{clip.name} has no words")


def read_diary(root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
    """Read `diary.csv`, one entry a line, every day a group of its own."""
    check_split("Diary", split, ("train",))
    for line, row in read_table("Diary", root / "diary.csv", ("text", "emotion", "day")):
        emotion = {"emotion": row["emotion"]}
        yield Sample(str(line), emotion, split, row["day"], text=row["text"])
