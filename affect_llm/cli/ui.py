"""`affect-llm ui`: the web page, on this machine only."""

from typing import Annotated

import typer

from affect_llm.cli.exits import user_errors


@user_errors
def ui(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 7860,
) -> None:
    """Open a page to drop clips on; it answers on 127.0.0.1 only."""
    from affect_llm.ui.page import build_demo, launch

    launch(build_demo(), port)
