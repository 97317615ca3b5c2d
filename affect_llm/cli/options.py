"""The options that several verbs share, each described once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from affect_llm.reasoners.registry import names_where

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, in input order.")]
Report = Annotated[
    Path | None, typer.Option(help="Write one self-contained HTML page of all answers here.")
]
ConfigFile = Annotated[Path | None, typer.Option(help="A settings file (TOML).")]
Reasoner = Annotated[
    str | None,
    typer.Option(
        help="Who answers: "
        + names_where(lambda _: True).replace("embedded", "embedded (default)", 1)
        + "."
    ),
]
Server = Annotated[
    str | None,
    typer.Option(
        help=f"URL of a running server, for --reasoner {names_where(lambda spec: spec.server)}."
    ),
]
Device = Annotated[str | None, typer.Option(help="auto, cpu, cuda, mps …")]
Dtype = Annotated[str | None, typer.Option(help="auto, float32, bfloat16 or float16.")]
Quantize = Annotated[str | None, typer.Option(help="Load the model in 4bit or 8bit.")]


@dataclass(frozen=True, slots=True)
class ReasonerOptions:
    """Who answers, and by which road clips reach it."""

    reasoner: Reasoner = None
    model: Annotated[
        str | None, typer.Option(help="Checkpoint folder or hub id, for reasoners that take one.")
    ] = None
    adapter: Annotated[
        str | None, typer.Option(help="Folder of a trained adapter, as `train sft` writes it.")
    ] = None
    road: Annotated[
        str | None,
        typer.Option(
            help="How clips reach the model: text (cues as words), projected (features as soft "
            "tokens), both, or auto (default: what the adapter was trained for, else text)."
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What is looked at and asked for, and how the model is reached or loaded."""

    server: Server = None
    modalities: Annotated[
        str | None, typer.Option(help="What to look at, as a comma list: text,audio,visual.")
    ] = None
    labels: Annotated[
        str | None,
        typer.Option(help="A label set (ekman7, meld7, goemotions28 …) or a comma list of labels."),
    ] = None
    language: Annotated[
        str | None, typer.Option("--lang", help="The language spoken, as a code (en, de).")
    ] = None
    speech: Annotated[
        str | None,
        typer.Option(
            help="Speech recogniser, used where no words came with the clip: auto, off, "
            "openai-whisper, transformers, faster-whisper or fake; NAME:SIZE or NAME:FOLDER names "
            "its weights."
        ),
    ] = None
    voice: Annotated[
        str | None,
        typer.Option(help="Voice extractor: auto, off, light, opensmile, praat or fake."),
    ] = None
    face: Annotated[
        str | None, typer.Option(help="Face extractor: auto, off, light, mediapipe or fake.")
    ] = None
    scene: Annotated[
        str | None,
        typer.Option(help="Scene extractor: auto, off or open-clip."),
    ] = None
    abstain_below: Annotated[
        float | None, typer.Option(help='Below this confidence (0 to 1) say "not enough evidence".')
    ] = None
    device: Device = None
    dtype: Dtype = None
    quantize: Quantize = None
