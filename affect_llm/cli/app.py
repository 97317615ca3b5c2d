"""The command line's verbs; each is imported when it is run, so `--help` stays quick."""

from typing import Annotated

import typer

from affect_llm import __version__
from affect_llm.cli.lazy import Verb, lazy_app

VERBS = {
    "analyze": Verb("affect_llm.cli.analyze:analyze", "Explain the emotion in files or in a text."),
    "ask": Verb("affect_llm.cli.ask:ask", "Ask about one clip, with the same rules of evidence."),
    "compare": Verb("affect_llm.cli.compare:compare", "Have two reasoners explain one clip."),
    "demo": Verb("affect_llm.cli.demo:demo", "Explain the example clip that comes along."),
    "eval": Verb("affect_llm.cli.eval:eval_app", "Score predictions, compare systems, run suites."),
    "models": Verb("affect_llm.cli.models:models_app", "List, pull, import and verify weights."),
    "doctor": Verb("affect_llm.cli.doctor:doctor", "Say what is installed and what is missing."),
    "train": Verb("affect_llm.cli.train:train_app", "Train and merge adapters."),
    "ui": Verb("affect_llm.cli.ui:ui", "Open the web page on this machine."),
}

app = lazy_app(VERBS, pretty_exceptions_enable=False)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"affect-llm {__version__}")
        raise typer.Exit


@app.callback()
def affect_llm(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Reason about emotion in video, audio, pictures and text.

    What comes out is what cues suggest, each sentence tied to timed evidence; it is not what a
    person feels.
    """
