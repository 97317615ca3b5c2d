"""Label probabilities of the measured clips, as `analyze` gives them, without explanations."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from affect_llm.adapters.folder import open_adapter
from affect_llm.adapters.projector import Projector, open_projector
from affect_llm.config import Settings
from affect_llm.encoders.cache import FeatureCache
from affect_llm.labels.sets import label_set
from affect_llm.prompting.reason import reason_prompt
from affect_llm.prompting.result import distribution
from affect_llm.reasoners.registry import open_reasoner
from affect_llm.training.sft.rows import Row, read_rows
from affect_llm.training.sft.samples import ClipReader, cue_settings
from affect_llm.training.sft.settings import SftSettings
from affect_llm.types import CueSheet, Modality, Model, Prompt, Road

BATCH = 16


class Answer(Model):
    """What was said of one clip."""

    id: str
    group: str
    gold: str
    distribution: dict[str, float]

    @property
    def label(self) -> str:
        """The most probable one."""
        return max(self.distribution, key=lambda label: self.distribution[label])


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked, and with which soft tokens.

    Args:
        adapter: None for the shipped model alone.
        road: that prompts take.
        swapped: each clip gets the soft tokens of another clip, drawn from all of the fold's.
    """

    adapter: Path | None
    road: Road
    swapped: bool = False

    @property
    def file(self) -> str:
        """Where the answers lie, in the folder of the rows."""
        name = "shipped" if self.adapter is None else self.adapter.name
        return f"answers-{name}{'-swapped' if self.swapped else ''}"


def answers(asked: Asked, rows: Path) -> list[Answer]:
    """Of the test rows; read again if they are there."""
    file = rows.with_name(f"{asked.file}-{rows.stem}.jsonl")
    if not file.is_file():
        found = _answered(asked, [r for r in read_rows(rows, None).rows if r.split == "test"])
        file.write_text("".join(a.model_dump_json() + "\n" for a in found), encoding="utf-8")
    lines = file.read_text(encoding="utf-8").splitlines()
    return [Answer.model_validate(json.loads(line)) for line in lines]


def _answered(asked: Asked, rows: Sequence[Row]) -> list[Answer]:
    adapter = None if asked.adapter is None else str(asked.adapter)
    reasoner = open_reasoner(Settings(adapter=adapter, batch_size=BATCH, device="cpu"))
    projector = None
    if asked.adapter is not None and asked.road != "text":
        projector = open_projector(open_adapter(asked.adapter), FeatureCache(), "cpu")
    asks = _prompts(asked, rows, projector)
    said = reasoner.complete([prompt for prompt, _ in asks], max_new_tokens=1)
    told = (
        distribution(one, prompt, sheet, reasoner.calibration)
        for one, (prompt, sheet) in zip(said, asks, strict=True)
    )
    return [
        Answer(id=row.id, group=row.cluster, gold=row.golds[0], distribution=found or {})
        for row, found in zip(rows, told, strict=True)
    ]


def _prompts(
    asked: Asked, rows: Sequence[Row], projector: Projector | None
) -> list[tuple[Prompt, CueSheet]]:
    settings = cue_settings(SftSettings.model_validate({"modalities": [Modality.AUDIO]}))
    reader = ClipReader(settings, None if projector is None else projector.reader)
    read = [clip for clip in map(reader.read, rows) if not isinstance(clip, str)]
    sheets, clips = [sheet for sheet, _ in read], [clip for _, clip in read]
    labels = label_set(rows[0].label_set or "")
    if projector is None:
        return [(reason_prompt(sheet, labels), sheet) for sheet in sheets]
    if asked.swapped:
        order = random.Random(0).sample(range(len(clips)), k=len(clips))
        given = dict(zip(order, [*order[1:], order[0]], strict=True))
        clips = [clips[given[n]] for n in range(len(clips))]
    asks = [reason_prompt(sheet, labels, projector.tracks, asked.road) for sheet in sheets]
    soft = [projector.soft_tokens(clip) for clip in clips]
    prompts = [replace(p, soft_tokens=s) for p, s in zip(asks, soft, strict=True)]
    return list(zip(prompts, sheets, strict=True))
