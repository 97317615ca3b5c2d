"""`python -m workshop voice-head | face-net | embedded`: the shipped weights, made again."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from affect_llm.cli.exits import user_errors
from affect_llm.errors import DataError

app = typer.Typer(
    help="Make the shipped weights again.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)
Kit = Annotated[Path, typer.Option("--kit", help="Folder of the development data.")]
Out = Annotated[Path, typer.Option("--out", help="Folder to write the weights into.")]
Bank = Annotated[Path, typer.Option("--bank", help="Folder to write bank.jsonl into.")]


@app.command("voice-head")
@user_errors
def voice_head(kit: Kit, out: Out, bank: Bank) -> None:
    """Train the voice head on the kit's speech, and write the bank of its cues."""
    from workshop.voice.make import make_voice_head

    _start_log(kit)
    make_voice_head(kit / "speech", out, bank)


@app.command("face-net")
@user_errors
def face_net(kit: Kit, out: Out, bank: Bank) -> None:
    """Train the face network on the kit's faces, and write the bank of its cues."""
    from workshop.face.train import make_bank, train_face_net

    _start_log(kit)
    train_face_net(kit, out)
    make_bank(kit, out, bank)


@app.command("embedded")
@user_errors
def embedded(
    kit: Kit,
    out: Out,
    banks: Annotated[
        Path, typer.Option("--banks", help="Folder with voice/bank.jsonl and face/bank.jsonl.")
    ],
    teacher: Annotated[
        Path | None, typer.Option("--teacher", help="Folder of all-MiniLM-L6-v2, for embeddings.")
    ] = None,
    text_tokens: Annotated[int, typer.Option(min=1, help="Tokens of the first stage.")] = 5_000_000,
    clip_tokens: Annotated[
        int, typer.Option(min=1, help="Tokens of the second stage.")
    ] = 8_000_000,
    save_steps: Annotated[int, typer.Option(min=1, help="Steps between checkpoints.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Of every draw.")] = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a stopped run.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Throw a stopped run away.")] = False,
) -> None:
    """Train the embedded reasoner on the kit's texts and the heads' cue banks.

    About an hour and a half on two cores; the banks come from the heads' own training.
    """
    from workshop.embedded.make import make_embedded
    from workshop.embedded.material import read_material
    from workshop.embedded.settings import PretrainingSettings

    _start_log(kit)
    settings = PretrainingSettings(
        text_tokens=text_tokens, clip_tokens=clip_tokens, save_steps=save_steps, seed=seed
    )
    material = read_material(kit, banks)
    make_embedded(material, out, teacher, settings, resume=resume, restart=restart)


def _start_log(kit: Path) -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if not kit.is_dir():
        raise DataError(f"The development data folder {kit} is not there. Give --kit a folder.")


if __name__ == "__main__":
    app()
