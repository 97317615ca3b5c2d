"""The options that several verbs share, each described once."""

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, in input order.")]
Report = Annotated[
    Path | None, typer.Option(help="Write one self-contained HTML page of all answers here.")
]
Reasoner = Annotated[
    str | None,
    typer.Option(
        help="Who answers: embedded (default), transformers, vllm, vllm-engine, openai, omni "
        "or fake."
    ),
]
ModelName = Annotated[
    str | None, typer.Option(help="Checkpoint folder or hub id, for reasoners that take one.")
]
Adapter = Annotated[
    str | None, typer.Option(help="Folder of a trained adapter, as `train sft` writes it.")
]
Road = Annotated[
    str | None,
    typer.Option(
        help="How clips reach the model: text (cues as words), projected (features as soft "
        "tokens), both, or auto (default: what the adapter was trained for, else text)."
    ),
]
Quantize = Annotated[str | None, typer.Option(help="Load the model in 4bit or 8bit.")]
Dtype = Annotated[str | None, typer.Option(help="auto, float32, bfloat16 or float16.")]
Server = Annotated[
    str | None, typer.Option(help="URL of a running server, for --reasoner vllm or openai.")
]
Modalities = Annotated[
    str | None, typer.Option(help="What to look at, as a comma list: text,audio,visual.")
]
Labels = Annotated[
    str | None,
    typer.Option(help="A label set (ekman7, meld7, goemotions28 …) or a comma list of labels."),
]
Language = Annotated[str | None, typer.Option(help="The language spoken, as a code (en, de).")]
Speech = Annotated[
    str | None,
    typer.Option(
        help="Speech recogniser, used where no words came with the clip: auto, off, "
        "openai-whisper, transformers, faster-whisper or fake; NAME:SIZE or NAME:FOLDER names "
        "its weights.",
    ),
]
Voice = Annotated[
    str | None, typer.Option(help="Voice extractor: auto, off, light, opensmile, praat or fake.")
]
Face = Annotated[
    str | None, typer.Option(help="Face extractor: auto, off, light, mediapipe or fake.")
]
Scene = Annotated[str | None, typer.Option(help="Scene extractor: auto, off or open-clip.")]
AbstainBelow = Annotated[
    float | None,
    typer.Option(help='Below this confidence (0 to 1) say "not enough evidence".'),
]
Device = Annotated[str | None, typer.Option(help="auto, cpu, cuda, mps …")]
ConfigFile = Annotated[Path | None, typer.Option(help="A settings file (TOML).")]
