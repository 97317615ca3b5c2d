"""`affect-llm train merge` and `export`: an adapter as a checkpoint of its own."""

from pathlib import Path
from typing import Annotated

import typer

from affect_llm.cli.exits import user_errors

Base = Annotated[
    str | None, typer.Option(help="The base model's folder or hub id, if it is not the embedded.")
]
Dtype = Annotated[str, typer.Option(help="auto (the base's own), float32, bfloat16 or float16.")]


@user_errors
def merge(
    adapter: Annotated[Path, typer.Argument(help="Folder of a trained adapter.")],
    out: Annotated[Path, typer.Option(help="New folder for the merged checkpoint.")],
    *,
    base: Base = None,
    dtype: Dtype = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Add an adapter's LoRA to its base: a plain checkpoint for transformers, vLLM and others."""
    from affect_llm.training.merge import Merged, merge_adapter

    merged: Merged = merge_adapter(adapter, out, base=base, dtype=dtype)
    if as_json:
        import json

        projector = None if merged.projector is None else str(merged.projector)
        paths = {"checkpoint": str(out), "weights": merged.weights, "projector": projector}
        typer.echo(json.dumps(paths))
        return
    typer.echo(f"merged: {out} (use it with --reasoner transformers --model {out})")
    if merged.projector is not None:
        typer.echo(f"its projector: {merged.projector} (use it with --adapter)")


@user_errors
def export(
    source: Annotated[Path, typer.Argument(help="An adapter's or a checkpoint's folder.")],
    out: Annotated[Path, typer.Option(help="Where to write.")],
    *,
    form: Annotated[str, typer.Option("--format", help="safetensors or gguf.")] = "safetensors",
    base: Base = None,
    dtype: Dtype = "auto",
) -> None:
    """Write an adapter as merged safetensors; says what to do for GGUF."""
    from affect_llm.training.merge import export_model

    typer.echo(f"exported: {export_model(source, out, form, base=base, dtype=dtype)}")
