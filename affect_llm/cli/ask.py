"""`affect-llm ask`: questions about a clip, by the rules that its explanation keeps."""

from pathlib import Path
from typing import Annotated

import typer

from affect_llm.cli.exits import user_errors
from affect_llm.cli.options import (
    AbstainBelow,
    Adapter,
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
    Road,
    Scene,
    Server,
    Speech,
    Voice,
)


@user_errors
def ask(
    file: Annotated[Path, typer.Argument(help="A video, recording, picture or text file.")],
    question: Annotated[
        str | None,
        typer.Argument(help="What to ask; without one, a conversation, or one question a line."),
    ] = None,
    *,
    text: Annotated[str | None, typer.Option(help="The words spoken in the file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object an answer.")] = False,
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
    """Ask about a clip: why, why not, how sure, what is missing, what face, voice and words show.

    The clip is analysed once. Each sentence of an answer cites timed cues and is checked; what no
    cue shows is not answered. Without a question it talks at a terminal until Ctrl-D; piped, it
    reads one question a line and writes one JSON line an answer. Exit code 0: all were answered,
    if only by "the cues do not say"; 2: the clip or a question could not be read.
    """
    from affect_llm.cli.ask_loop import converse
    from affect_llm.cli.sources import sources_of
    from affect_llm.cli.validate import checked_settings

    (source,) = sources_of([file], text)
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
    raise typer.Exit(converse(source, settings, question, as_json))
