"""A bar of steps with loss and tokens a second on stderr; a line now and then elsewhere."""

import sys
import time
from typing import Any, Self


class Progress:
    """The progress of one stage of `total` steps; a quiet one says nothing."""

    def __init__(self, label: str, total: int, *, quiet: bool = False) -> None:
        self.label = label
        self.total = total
        self._bar = None if quiet or not sys.stderr.isatty() else _bar()
        if self._bar is not None:
            self._task = self._bar.add_task(label, total=total, figures="")
        self._lines = not quiet and self._bar is None
        self._every = max(1, total // 10)  # ten lines tell a log enough
        self._began = time.monotonic()
        self._tokens = 0

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    @property
    def tokens_per_second(self) -> float:
        """Speed since the stage began or was resumed, evaluations included."""
        return self._tokens / max(time.monotonic() - self._began, 1e-9)

    def saw(self, tokens: int) -> None:
        """Count the tokens that a forward pass has read."""
        self._tokens += tokens

    def step(self, done: int, loss: float | None) -> None:
        """Show that so many steps are done; `loss` is the last one that was logged."""
        figures = "" if loss is None else f"loss {loss:.3f} · "
        figures += f"{self.tokens_per_second:.0f} tokens/s"
        if self._bar is not None:
            self._bar.update(self._task, completed=done, figures=figures)
        elif self._lines and (done % self._every == 0 or done == self.total):
            print(f"{self.label}: {done} of {self.total} · {figures}", file=sys.stderr, flush=True)


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    return RichProgress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[figures]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=sys.stdout.isatty(),  # rich would swallow what goes to a file
    )
