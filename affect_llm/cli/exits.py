"""How the command line ends: one sentence for a person's mistake, never a traceback."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import typer

from affect_llm.errors import AffectError

USER_ERROR = 2
INTERRUPTED = 130
BROKEN_PIPE = 141
"""What a shell reports for a program whose reader went away (128 + SIGPIPE)."""

P = ParamSpec("P")
R = TypeVar("R")


def complain(sentence: str) -> None:
    """Say what went wrong, on stderr.

    A character that could steer a terminal, as in hostile file names, stands as its escape code.
    """
    shown = "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in sentence)
    typer.echo(f"error: {shown}", err=True)


def user_errors(verb: Callable[P, R]) -> Callable[P, R]:
    """Wrap a verb: an `AffectError` is one sentence and exit code 2, Ctrl-C is 130.

    A reader that closes the pipe early (`| head`) ends the run quietly with 141; a full disk or
    another fault of the file system is a sentence too.
    """

    @wraps(verb)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            result = verb(*args, **kwargs)
            sys.stdout.flush()  # here, where a full disk can still be told of
            return result
        except AffectError as error:
            complain(str(error))
            raise typer.Exit(USER_ERROR) from error
        except KeyboardInterrupt as error:
            typer.echo("interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from error
        except BrokenPipeError as error:
            _silence_stdout()
            raise typer.Exit(BROKEN_PIPE) from error
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            complain(f"{where}{error.strerror or error}")
            _silence_stdout()
            raise typer.Exit(USER_ERROR) from error

    return run


def _silence_stdout() -> None:
    """Point stdout at nothing, so that the interpreter's last flush finds no broken pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
