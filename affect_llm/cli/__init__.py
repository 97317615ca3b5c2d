"""The command line: one verb per file, heavy imports inside."""

import sys
from io import TextIOWrapper


def main() -> None:
    """Run `affect-llm`; what it writes is UTF-8 whatever the locale says."""
    from affect_llm.cli.app import app

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app(prog_name="affect-llm", args=sys.argv[1:])
