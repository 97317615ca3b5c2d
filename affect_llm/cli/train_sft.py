"""`affect-llm train sft`: an adapter for an LLM from labelled rows."""

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from affect_llm.cli.exits import user_errors
from affect_llm.cli.option_groups import option_groups
from affect_llm.cli.train_sft_options import SftOptions
from affect_llm.errors import ConfigError, MissingExtra

if TYPE_CHECKING:
    from affect_llm.training.sft.rows import LabelledRows
    from affect_llm.training.sft.sft_report import SftReport


@user_errors
@option_groups
def sft(
    out: Annotated[Path, typer.Option(help="Folder for the adapter.")],
    *,
    data: Annotated[
        Path | None, typer.Option(help="Rows (JSONL); with --dataset the corpus' folder.")
    ] = None,
    dataset: Annotated[
        str | None, typer.Option(help="Reader of a corpus (meld, ravdess …).")
    ] = None,
    options: SftOptions,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a stopped run.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Throw a stopped run away.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON on stdout.")] = False,
) -> None:
    """Train a LoRA, a projector or both on labelled rows, and report what it gained.

    A row is {"id", "path" and/or "text", "label" or "labels", "label_set"?, "explanation"?,
    "split"?, "group"?}. Without a split, whole groups (speakers, dialogues) are set apart.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    settings = options.settings()
    if options.name is None and settings.name == "adapter":
        settings = settings.model_copy(update={"name": out.resolve().name})
    if any(find_spec(name) is None for name in ("torch", "transformers", "peft", "accelerate")):
        raise MissingExtra("training an adapter", "llm")
    rows = _rows(data, dataset, settings.labels)
    if rows.complaint:
        typer.echo(rows.complaint, err=True)

    from affect_llm.report.training_pages import pages
    from affect_llm.training.sft.run import Request, train_sft

    request = Request(settings, rows, out, pages, resume, restart)
    _finish(train_sft(request), out, as_json)


def _rows(data: Path | None, dataset: str | None, labels: str | None) -> "LabelledRows":
    if data is None:
        raise ConfigError(
            "There is nothing to train on: give --data rows.jsonl, or --dataset NAME --data FOLDER."
        )
    if dataset is None:
        from affect_llm.training.sft.rows import read_rows

        return read_rows(data, labels)
    from affect_llm.training.sft.corpora import read_corpus

    return read_corpus(dataset, data, labels)


def _finish(report: "SftReport", out: Path, as_json: bool) -> None:
    from accelerate import PartialState

    if not PartialState().is_main_process:
        return
    if as_json:
        typer.echo(report.model_dump_json())
        return
    from affect_llm.report.training_words import summary

    typer.echo(summary(report))
    typer.echo(f"adapter: {out} (use it with --adapter {out})")
