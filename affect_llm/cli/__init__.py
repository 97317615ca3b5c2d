"""The command line: one verb per file, heavy imports inside."""

import atexit
import os
import sys
from io import TextIOWrapper


def main() -> None:
    """Run `affect-llm`; what it writes is UTF-8 whatever the locale says."""
    from affect_llm.cli.app import app

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app(prog_name="affect-llm", args=sys.argv[1:])


def program() -> None:
    """Run `main` as a process of its own, which ends without taking torch's libraries down.

    That takes as long as answering a text and touches 100 MB more. Whatever asked to be tidied up
    at exit still is, and an exception that nobody caught ends the process as usual.
    """
    codes: list[int] = []

    @atexit.register  # handlers run in the reverse order of their registration: this one comes last
    def leave() -> None:
        if codes and "torch" in sys.modules:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(codes[0])

    try:
        main()
    except SystemExit as end:
        codes.append(end.code if isinstance(end.code, int) else int(end.code is not None))
        raise
