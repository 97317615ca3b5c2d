"""The command line: one verb per file, heavy imports inside."""

import sys


def main() -> None:
    """Run `affect-llm`."""
    from affect_llm.cli.app import app

    app(prog_name="affect-llm", args=sys.argv[1:])
