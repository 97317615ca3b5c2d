"""`affect-llm train sft`: an adapter for an LLM from labelled rows."""

import logging
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from affect_llm.cli.exits import user_errors
from affect_llm.errors import ConfigError, MissingExtra

if TYPE_CHECKING:
    from affect_llm.training.sft.rows import Rows
    from affect_llm.training.sft.sft_report import SftReport


@user_errors
def sft(
    out: Annotated[Path, typer.Option(help="Folder for the adapter.")],
    *,
    data: Annotated[
        Path | None,
        typer.Option(help="Rows (JSONL); with --dataset the corpus' folder."),
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Option(help="Reader of a corpus (meld, ravdess …)."),
    ] = None,
    labels: Annotated[str | None, typer.Option(help="Label set or comma list.")] = None,
    modalities: Annotated[
        str | None, typer.Option(help="Cues to look for: text,audio,visual.")
    ] = None,
    validation_share: Annotated[
        float | None,
        typer.Option(help="Share of the rows set apart, by groups."),
    ] = None,
    test_share: Annotated[
        float | None, typer.Option(help="Likewise, for the final figures.")
    ] = None,
    licence: Annotated[
        list[str] | None,
        typer.Option(help="Licence of the data, for the card."),
    ] = None,
    recipe: Annotated[
        str | None,
        typer.Option(help="A recipe's name or YAML file; flags win."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Of the adapter; else the folder's.")] = None,
    base: Annotated[
        str | None,
        typer.Option(help="embedded, a checkpoint folder or a hub id."),
    ] = None,
    quantize: Annotated[str | None, typer.Option(help="Load the base in 4bit or 8bit.")] = None,
    road: Annotated[
        str | None,
        typer.Option(help="text, projected, both or mixed."),
    ] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda …")] = None,
    epochs: Annotated[float | None, typer.Option(help="Over the training rows.")] = None,
    max_steps: Annotated[int | None, typer.Option(help="Of each stage; wins over epochs.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Of LoRA, at its peak.")] = None,
    batch_tokens: Annotated[int | None, typer.Option(help="Tokens in a step.")] = None,
    save_steps: Annotated[int | None, typer.Option(help="Steps between checkpoints.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of every draw.")] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="Any other setting: lora.r=8, batching=packed."),
    ] = None,
    control: Annotated[
        str | None,
        typer.Option(help="shuffled-labels: must gain nothing."),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a stopped run.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Throw a stopped run away.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The report as JSON on stdout.")] = False,
) -> None:
    """Train a LoRA, a projector or both on labelled rows, and report what it gained.

    A row is {"id", "path" and/or "text", "label" or "labels", "label_set"?, "explanation"?,
    "split"?, "group"?}. Without a split, whole groups (speakers, dialogues) are set apart.
    """
    from affect_llm.cli.settings_flags import nested
    from affect_llm.training.sft.recipes import load_sft_settings

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    flags: dict[str, Any] = {
        "name": name, "base": base, "quantize": quantize, "road": road, "device": device,
        "labels": labels, "epochs": epochs, "max_steps": max_steps, "seed": seed,
        "learning_rate": learning_rate, "batch_tokens": batch_tokens, "save_steps": save_steps,
        "validation_share": validation_share, "test_share": test_share, "control": control,
        "modalities": modalities and modalities.split(","), "licences": licence or None,
    }  # fmt: skip
    settings = load_sft_settings(recipe, flags, nested(setting or []))
    if name is None and settings.name == "adapter":
        settings = settings.model_copy(update={"name": out.resolve().name})
    _require_packages()
    rows = _rows(data, dataset, settings.labels)
    if rows.told:
        typer.echo(rows.told, err=True)

    from affect_llm.report.training_pages import pages
    from affect_llm.training.sft.run import Request, train_sft

    request = Request(settings, rows, out, pages, resume, restart)
    _finish(train_sft(request), out, as_json)


def _require_packages() -> None:
    if any(find_spec(name) is None for name in ("torch", "transformers", "peft", "accelerate")):
        raise MissingExtra("training an adapter", "llm")


def _rows(data: Path | None, dataset: str | None, labels: str | None) -> "Rows":
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
