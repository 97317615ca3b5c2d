"""Rows with a planted signal, and a base model small enough to train in a test."""

import json
import random
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from affect_llm.config import MediaLimits
from affect_llm.encoders.registry import open_encoder
from affect_llm.encoders.runner import encode
from affect_llm.media.load import text_clip
from affect_llm.training.sft.rows import LabelledRows, read_rows
from affect_llm.training.sft.run import Request
from affect_llm.training.sft.settings import SftSettings

sys.path.append(str(Path(__file__).parents[1] / "reasoners"))
from tiny_llm import save_checkpoint as save_checkpoint

FILLERS = ["the", "a", "we", "house", "road", "tree", "car", "lamp", "river", "walked", "table"]
SIGNS = {"joy": "zorbel", "anger": "quintak"}
TRACK = {"name": "words", "encoder": "fake-text", "options": {"width": 8}, "tokens": 2}


def planted_rows(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Rows in which one made-up word decides the label; six to a group."""
    rng = random.Random(seed)
    rows = []
    for n in range(count):
        label = rng.choice(sorted(SIGNS))
        words = [rng.choice(FILLERS) for _ in range(rng.randint(4, 8))]
        words.insert(rng.randrange(len(words)), SIGNS[label])
        rows.append(_row(n, " ".join(words), label))
    return rows


def feature_rows(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Rows whose label is the sign of the first number of their features; words say nothing."""
    rng = random.Random(seed)
    encoder = open_encoder(str(TRACK["encoder"]), TRACK["options"])  # type: ignore[arg-type]
    rows = []
    for n in range(count):
        text = " ".join(rng.choice(FILLERS) for _ in range(6))
        clip = text_clip(text, limits=MediaLimits())
        value = float(encode(encoder, clip).array[0, 0])
        rows.append(_row(n, text, "joy" if value > 0 else "anger"))
    return rows


def _row(n: int, text: str, label: str) -> dict[str, Any]:
    return {"id": f"r{n}", "text": text, "label": label, "group": f"g{n // 6}"}


def write_rows(file: Path, rows: list[dict[str, Any]]) -> Path:
    """As a JSONL file."""
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return file


def tiny_settings(base: Path | str, **changes: Any) -> SftSettings:
    """A run of a few steps on the CPU."""
    values = {
        "name": "tiny",
        "base": str(base),
        "device": "cpu",
        "max_steps": 6,
        "learning_rate": 3e-3,
        "save_steps": 3,
        "evaluations": 2,
        "schedule": "constant",
        "warmup": 0.0,
        "batch_tokens": 4000,
        "labels": "joy, anger",
        "modalities": ["text"],
    }
    return SftSettings.model_validate(values | changes)


def request(settings: SftSettings, rows: LabelledRows, out: Path, **changes: Any) -> Request:
    """A quiet run without pages."""

    def pages(_: object) -> Mapping[str, str]:
        return {"README.md": "card\n"}

    return Request(settings, rows, out, pages, quiet=True, **changes)


def read(
    folder: Path, rows: list[dict[str, Any]], labels: str | None = "joy, anger"
) -> LabelledRows:
    """Rows by way of their file."""
    return read_rows(write_rows(folder / "rows.jsonl", rows), labels)
