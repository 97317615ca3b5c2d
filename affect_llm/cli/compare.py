"""`affect-llm compare`: two answers for one clip, from the same cues."""

from pathlib import Path
from typing import Annotated

import typer

from affect_llm.cli.exits import user_errors
from affect_llm.cli.options import (
    AbstainBelow,
    ConfigFile,
    Device,
    Dtype,
    Face,
    Labels,
    Language,
    Modalities,
    Quantize,
    Scene,
    Server,
    Speech,
    Voice,
)

_WHO = "NAME, NAME:MODEL, NAME@ADAPTER or NAME:MODEL@ADAPTER"


@user_errors
def compare(
    file: Annotated[Path, typer.Argument(help="A video, recording, picture or text file.")],
    first: Annotated[str, typer.Argument(help=f"Who answers first: {_WHO}.")],
    second: Annotated[str | None, typer.Argument(help="Who answers second, likewise.")] = None,
    *,
    roads: Annotated[
        str | None, typer.Option(help="The road of each, as text,projected; then one may answer.")
    ] = None,
    text: Annotated[str | None, typer.Option(help="The words spoken in the file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    report: Annotated[
        Path | None, typer.Option(help="Write one self-contained HTML page here.")
    ] = None,
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
    """Have two reasoners explain one clip from the same cues, and show where they differ.

    Label, confidence, distribution, verdict of each modality, the cues that each cites, and
    sentences that cannot both be true. Exit code 0: both answered; 2: a mistake.
    """
    from affect_llm.cli.compare_asked import Asked, two_asked
    from affect_llm.cli.compare_run import compare_two
    from affect_llm.cli.run import Output
    from affect_llm.cli.sources import sources_of
    from affect_llm.cli.validate import checked_settings
    from affect_llm.config import Settings

    def settings(asked: Asked, server: str | None) -> Settings:
        return checked_settings(
            config,
            reasoner=asked.reasoner,
            model=asked.model,
            adapter=asked.adapter,
            road=asked.road,
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

    pair = two_asked(first, second, roads)
    (source,) = sources_of([file], text)
    served = [server if asked.reasoner in ("openai", "vllm") else None for asked in pair]
    both = settings(pair[0], served[0]), settings(pair[1], served[1])
    compare_two(source, (pair[0].name, pair[1].name), both, Output(as_json, report))
