"""Bars on stderr, only at a terminal; what goes to stdout is never touched by them."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


@contextmanager
def byte_progress(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Yield a function that is told of bytes as they are dealt with.

    Args:
        label: what the bar is for.
        total: bytes in all; None shows a bar without an end.
    """
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with _bar(*columns, TransferSpeedColumn()) as bar:
        task = bar.add_task(label, total=total)
        yield lambda count: bar.advance(task, count)


def item_progress(items: Iterable[T], label: str, total: int) -> Iterator[T]:
    """Yield the same items; with several of them a bar says how many are done."""
    if total < 2 or not sys.stderr.isatty():
        yield from items
        return
    from rich.progress import Progress

    with _bar(*Progress.get_default_columns()) as bar:
        yield from bar.track(items, total=total, description=label)


def _bar(*columns: Any) -> Any:
    from rich.console import Console
    from rich.progress import Progress

    return Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        # While a bar is up, rich sends what is printed to the bar's own console. That keeps bar
        # and answers apart on one terminal, but must not swallow answers on their way to a file.
        redirect_stdout=sys.stdout.isatty(),
    )
