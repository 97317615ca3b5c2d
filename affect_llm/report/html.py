"""The HTML report."""

from collections.abc import Sequence
from pathlib import Path

from affect_llm.report.entry import Entry


def render_report(entries: Sequence[Entry], folder: Path) -> str:
    """One self-contained page of all `entries`, to lie in `folder`."""
    return f"<!doctype html>{len(entries)} {folder}"
