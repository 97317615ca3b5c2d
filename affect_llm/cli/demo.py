"""`affect-llm demo`: the example clip, explained."""

from pathlib import Path

import typer

from affect_llm.cli.exits import user_errors
from affect_llm.cli.options import AsJson, Reasoner, Report
from affect_llm.errors import MediaError

_PACKAGE = Path(__file__).parents[1]
_PLACES = (_PACKAGE / "_examples" / "demo.mp4", _PACKAGE.parent / "examples" / "demo.mp4")


@user_errors
def demo(*, as_json: AsJson = False, report: Report = None, reasoner: Reasoner = None) -> None:
    """Explain the example clip: a portrait brought to life, with a synthetic voice."""
    from affect_llm.cli.output import Output
    from affect_llm.cli.run import answer
    from affect_llm.cli.validate import checked_settings
    from affect_llm.pipeline import Source

    settings = checked_settings(None, reasoner=reasoner)
    raise typer.Exit(answer([Source(path=demo_clip())], settings, Output(as_json, report)))


def demo_clip() -> Path:
    """The example clip, of an installed package or of a source tree.

    Raises:
        MediaError: this installation came without it.
    """
    for place in _PLACES:
        if place.is_file():
            return place
    raise MediaError(
        "This installation came without the example clip; make it with examples/make_demo.py "
        "from the source tree, or explain a clip of your own: affect-llm analyze FILE."
    )
