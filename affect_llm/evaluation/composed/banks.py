"""Cues of real voices, faces and texts that nothing was trained on, to compose clips from.

A cue bank is a file of JSON lines, one per recording or picture: {"id", "emotion" (canonical),
"split" ("test" is held out), "measurements": […], …}, made where the voice and face heads are
trained.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from affect_llm.datasets.meld import read_meld
from affect_llm.errors import DataError
from affect_llm.labels.canonical import canonical
from affect_llm.types import Measurement, Modality, TimeSpan

HELD_OUT = "test"


@dataclass(frozen=True, slots=True)
class CuePiece:
    """What one modality of a clip shows: `emotion` is canonical, spans start at 0."""

    id: str
    emotion: str
    measurements: tuple[Measurement, ...]

    @property
    def duration_s(self) -> float:
        """The end of the last measurement, in seconds."""
        return max(m.span.end_s for m in self.measurements)


Banks = Mapping[Modality, Mapping[str, tuple[CuePiece, ...]]]
"""Modality → canonical emotion → pieces, in the order of their files."""


def read_banks(banks: Path, meld: Path) -> Banks:
    """Held-out pieces: `banks`/voice/bank.jsonl, `banks`/face/bank.jsonl, and MELD's dev texts.

    Raises:
        DataError: a file is missing, is not laid out as above, or has nothing held out.
    """
    texts = []
    for sample in read_meld(meld, "dev"):
        words = Measurement(
            modality=Modality.TEXT,
            family="words",
            name="words",
            value=sample.text or "",
            unit="text",
            span=TimeSpan(start_s=0, end_s=0),
            confidence=1.0,
            source="given",
        )
        emotion = canonical(str(sample.annotations["emotion"])) or ""
        texts.append(CuePiece(sample.id, emotion, (words,)))
    return {
        Modality.TEXT: _by_emotion(texts),
        Modality.AUDIO: _by_emotion(_held_out(banks / "voice" / "bank.jsonl")),
        Modality.VISUAL: _by_emotion(_held_out(banks / "face" / "bank.jsonl")),
    }


def _held_out(path: Path) -> list[CuePiece]:
    if not path.is_file():
        raise DataError(f"The cue bank {path} is missing; the heads' training code makes it.")
    pieces = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            if row["split"] == HELD_OUT and row["measurements"]:
                cues = tuple(Measurement.model_validate(m) for m in row["measurements"])
                pieces.append(CuePiece(str(row["id"]), str(row["emotion"]), cues))
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{path}, line {number} is no row of a cue bank: {error}.") from error
    if not pieces:
        raise DataError(f"{path} has no row with measurements that is held out ('{HELD_OUT}').")
    return pieces


def _by_emotion(pieces: Sequence[CuePiece]) -> Mapping[str, tuple[CuePiece, ...]]:
    emotions = dict.fromkeys(piece.emotion for piece in pieces)
    return {emotion: tuple(p for p in pieces if p.emotion == emotion) for emotion in emotions}
