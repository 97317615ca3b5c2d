"""A bar of steps with loss and tokens a second on stderr; a line now and then elsewhere."""

import sys
import time
from types import TracebackType
from typing import Any, Self


class Progress:
    """Of one stage.

    Args:
        label: what the bar is for.
        total: steps in all.
        quiet: say nothing.
    """

    def __init__(self, label: str, total: int, *, quiet: bool = False) -> None:
        self.label = label
        self.total = total
        self._bar = None if quiet or not sys.stderr.isatty() else _bar()
        self._task = None if self._bar is None else self._bar.add_task(label, total=total, said="")
        self._lines = not quiet and self._bar is None
        self._every = max(1, total // 10)
        self._began = time.monotonic()
        self._tokens = 0

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    @property
    def tokens_per_second(self) -> float:
        """Since the stage began or was resumed, evaluations included."""
        return self._tokens / max(time.monotonic() - self._began, 1e-9)

    def saw(self, tokens: int) -> None:
        """Tokens that a forward pass has read."""
        self._tokens += tokens

    def step(self, done: int, loss: float | None) -> None:
        """So many steps are done; `loss` is the last one that was logged."""
        told = "" if loss is None else f"loss {loss:.3f} · "
        said = f"{told}{self.tokens_per_second:.0f} tokens/s"
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, said=said)
        elif self._lines and (done % self._every == 0 or done == self.total):
            print(f"{self.label}: {done} of {self.total} · {said}", file=sys.stderr, flush=True)


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    return RichProgress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[said]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=sys.stdout.isatty(),  # rich would swallow what goes to a file
    )
