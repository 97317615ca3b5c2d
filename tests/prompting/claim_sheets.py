"""Reads the hand-written claims and the cue sheets they speak of."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from affect_llm.cues.catalogue import kind_of
from affect_llm.types import Baseline, Cue, CueSheet, Modality, TimeSpan

FOLDER = Path(__file__).parents[1] / "data" / "claims"


@dataclass(frozen=True)
class Claimed:
    """A sentence, what it cites and whether it is true of its sheet."""

    sheet: str
    text: str
    cue_ids: tuple[str, ...]
    holds: bool


@dataclass(frozen=True)
class Answered:
    """A sheet with the answer that the sentences explain."""

    cues: CueSheet
    verdicts: dict[Modality, str]
    label: str


def _cue(id_: str, row: list[str | float]) -> Cue:
    name, value, start, end, *rest = row
    kind = kind_of(str(name))
    numbers = [float(r) for r in rest if not isinstance(r, str)]
    base = Baseline(kind="norm", mean=numbers[0], sd=numbers[1], source="test") if numbers else None
    return Cue(
        id=id_,
        modality=kind.modality,
        family=kind.family,
        name=kind.name,
        value=value,
        unit=kind.unit,
        span=TimeSpan(start_s=float(start), end_s=float(end)),
        confidence=0.9,
        baseline=base,
        person=next((r for r in rest if isinstance(r, str)), None),
        source="test@1",
    )


def sheets() -> dict[str, Answered]:
    tables = yaml.safe_load((FOLDER / "sheets.yaml").read_text("utf-8"))
    return {
        name: Answered(
            CueSheet(cues=tuple(_cue(id_, row) for id_, row in table["cues"].items())),
            {Modality(m): label for m, label in table["verdicts"].items()},
            table["label"],
        )
        for name, table in tables.items()
    }


def claims(part: str) -> list[Claimed]:
    tables = yaml.safe_load((FOLDER / f"{part}.yaml").read_text("utf-8"))
    found = []
    for sheet, table in tables.items():
        for truth in ("holds", "fails"):
            for line in table[truth]:
                ids, _, text = line.partition("|")
                found.append(Claimed(sheet, text.strip(), tuple(ids.split()), truth == "holds"))
    return found
