"""The options of the verbs of `affect-llm eval`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from affect_llm.cli.options import Device, Dtype, Quantize, ReasonerOptions, Server

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
HtmlFile = Annotated[
    Path | None, typer.Option("--html", help="Write a self-contained HTML page here.")
]
MarkdownFile = Annotated[Path | None, typer.Option("--markdown", help="Write Markdown here.")]
TaskName = Annotated[
    str | None,
    typer.Option(
        "--task",
        help="open-set, hit-rate, sentiment, closed-set, multi-label, dimensional, compound, "
        "emer or set-level.",
    ),
]


@dataclass(frozen=True, slots=True)
class ScoringOptions:
    """How a task scores; each task takes what concerns it."""

    vocabulary: Annotated[
        str, typer.Option(help="Of open-vocabulary tasks: own, official-2025 or official-2026.")
    ] = "own"
    vocabulary_dir: Annotated[
        Path | None, typer.Option(help="Folder of the official vocabulary's tables.")
    ] = None
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Official tables by repaired rules: no word dropped, a price for spraying.",
        ),
    ] = False
    labels: Annotated[
        str | None, typer.Option(help="The closed set: meld7, ekman7 … or a comma list.")
    ] = None
    labels_as: Annotated[
        str | None,
        typer.Option(
            help="For --task sentiment on lists of emotion labels: valence takes the sign of their "
            "mean valence (own vocabulary; not the published second call to a language model)."
        ),
    ] = None
    judge: Annotated[
        str, typer.Option(help="Of descriptions: rules, reasoner or reasoner:NAME.")
    ] = "rules"
    judge_log: Annotated[
        Path | None,
        typer.Option(help="A file to keep the judge's replies in, so none is asked twice."),
    ] = None
    replies: Annotated[
        Path | None,
        typer.Option(
            help="Saved replies of a judge that grouped words (set-level): folder or zip."
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How rows of a file meet those of another."""

    groups: Annotated[
        str | None, typer.Option(help="Column that intervals are clustered by (speaker, dialogue).")
    ] = None
    id_column: Annotated[str | None, typer.Option(help="Column of the items' ids.")] = None
    missing: Annotated[
        str,
        typer.Option(
            help="Items without a prediction: refuse, count-as-empty (they score as wrong) or "
            "leave-out."
        ),
    ] = "refuse"
    duplicates: Annotated[
        str, typer.Option(help="Ids that stand twice: refuse, or take the first or last.")
    ] = "refuse"


@dataclass(frozen=True, slots=True)
class SystemOptions(ReasonerOptions):
    """The system that is measured: who answers, and how its model is reached or loaded."""

    server: Server = None
    quantize: Quantize = None
    dtype: Dtype = None
    device: Device = None
