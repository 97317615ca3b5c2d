"""The table of weights for people."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from affect_llm.store.cache import store_root


def print_models(rows: Sequence[dict[str, object]]) -> None:
    """Print one line per weight on stdout."""
    table = Table(title=f"Weights in {store_root()}", title_justify="left", box=None)
    for heading in ("name", "here", "size", "hash", "licence", "for"):
        table.add_column(heading, no_wrap=heading != "for", overflow="fold")
    for row in rows:
        table.add_row(
            str(row["name"]),
            "yes" if row["present"] else "no",
            size_text(row["size"]),
            "pinned" if row["pinned"] else "unpinned",
            str(row["licence"]),
            str(row["purpose"]),
        )
    Console().print(table)


def size_text(size: object) -> str:
    """Bytes as megabytes or gigabytes; "?" when unknown."""
    if not isinstance(size, int):
        return "?"
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
