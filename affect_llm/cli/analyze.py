"""`affect-llm analyze`: sources in, explained emotions out."""

from pathlib import Path
from typing import Annotated

import typer

from affect_llm.cli.exits import user_errors
from affect_llm.cli.options import (
    AbstainBelow,
    Adapter,
    AsJson,
    ConfigFile,
    Device,
    Dtype,
    Face,
    Labels,
    Language,
    Modalities,
    ModelName,
    Quantize,
    Reasoner,
    Report,
    Road,
    Scene,
    Server,
    Speech,
    Voice,
)


@user_errors
def analyze(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Videos, recordings, pictures or text files.")
    ] = None,
    *,
    text: Annotated[
        str | None,
        typer.Option(help="A text to explain; with one file, the words spoken in it."),
    ] = None,
    as_json: AsJson = False,
    report: Report = None,
    reasoner: Reasoner = None,
    model: ModelName = None,
    adapter: Adapter = None,
    road: Road = None,
    server: Server = None,
    modalities: Modalities = None,
    labels: Labels = None,
    lang: Language = None,
    speech: Speech = None,
    voice: Voice = None,
    face: Face = None,
    scene: Scene = None,
    abstain_below: AbstainBelow = None,
    device: Device = None,
    dtype: Dtype = None,
    quantize: Quantize = None,
    config: ConfigFile = None,
) -> None:
    """Explain the emotion in files or in a text.

    Answers go to stdout, everything else to stderr. Exit code 0: all explained; 2: at least
    one could not be.
    """
    from affect_llm.cli.run import Output, answer
    from affect_llm.cli.sources import sources_of
    from affect_llm.cli.validate import checked_settings

    sources = sources_of(files or [], text)
    settings = checked_settings(
        config,
        reasoner=reasoner,
        model=model,
        adapter=adapter,
        road=road,
        server=server,
        modalities=modalities,
        labels=labels,
        language=lang,
        speech=speech,
        voice=voice,
        face=face,
        scene=scene,
        abstain_below=abstain_below,
        device=device,
        dtype=dtype,
        quantize=quantize,
    )
    raise typer.Exit(answer(sources, settings, Output(as_json, report)))
