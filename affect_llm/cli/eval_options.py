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
Vocabulary = Annotated[
    str, typer.Option(help="Of open-vocabulary tasks: own, official-2025 or official-2026.")
]
VocabularyDir = Annotated[
    Path | None, typer.Option(help="Folder of the official vocabulary's tables.")
]
LabelSet = Annotated[
    str | None, typer.Option(help="The closed set: meld7, ekman7 … or a comma list.")
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", help="Official tables by repaired rules: no word dropped, a price for spraying."
    ),
]
JudgeSpec = Annotated[
    str, typer.Option("--judge", help="Of descriptions: rules, reasoner or reasoner:NAME.")
]
JudgeLog = Annotated[
    Path | None, typer.Option(help="A file to keep the judge's replies in, so none is asked twice.")
]
Replies = Annotated[
    Path | None,
    typer.Option(help="Saved replies of a judge that grouped words (set-level): folder or zip."),
]
LabelsAs = Annotated[
    str | None,
    typer.Option(
        "--labels-as",
        help="For --task sentiment on lists of emotion labels: valence takes the sign of their "
        "mean valence (own vocabulary; not the published second call to a language model).",
    ),
]
GroupColumn = Annotated[
    str | None,
    typer.Option("--groups", help="Column that intervals are clustered by (speaker, dialogue)."),
]
IdColumn = Annotated[str | None, typer.Option("--id-column", help="Column of the items' ids.")]
MissingRows = Annotated[
    str,
    typer.Option(
        "--missing",
        help="Items without a prediction: refuse, count-as-empty (they score as wrong) or "
        "leave-out.",
    ),
]
DuplicateRows = Annotated[
    str,
    typer.Option("--duplicates", help="Ids that stand twice: refuse, or take the first or last."),
]


@dataclass(frozen=True, slots=True)
class SystemOptions(ReasonerOptions):
    """The system that is measured: who answers, and how its model is reached or loaded."""

    server: Server = None
    quantize: Quantize = None
    dtype: Dtype = None
    device: Device = None
