"""Where answers and scores go: JSON or prose on stdout, notes on stderr, pages into files."""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from affect_llm.report.files import check_target, write_report

if TYPE_CHECKING:
    from affect_llm.evaluation.tables.problems import RowFinding

_NOTED = 3
"""How many reasons without named rows are said; the report has all of them."""


@dataclass(frozen=True, slots=True)
class Output:
    """Where answers go: JSON lines or prose on stdout, and a report file if one is named.

    Where nothing at all could be explained, no report is written.
    """

    as_json: bool = False
    report: Path | None = None


def check_files(*targets: Path | None) -> None:
    """See that the files can be written, before the work is done.

    Raises:
        ConfigError: one cannot.
    """
    for target in targets:
        if target is not None:
            check_target(target)


def emit(document: dict[str, object], show: Callable[[], None], *, as_json: bool) -> None:
    """Print the document as JSON, or show it to a person."""
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        show()


def print_failure(**parts: str) -> None:
    """Print what could not be done as one compact JSON object."""
    print(json.dumps(parts, ensure_ascii=False, separators=(",", ":")), flush=True)


def number(value: float | None, interval: tuple[float, float] | None = None) -> str:
    """A number with three digits, and its interval in brackets; "undefined" for None."""
    if value is None:
        return "undefined"
    return f"{value:.3f}" + ("" if interval is None else f" [{interval[0]:.3f}, {interval[1]:.3f}]")


def note_findings(findings: "Iterable[RowFinding]") -> None:
    """Say on stderr what was left out or chosen."""
    counted = list(findings)
    named = [finding for finding in counted if finding.first]
    others = [finding for finding in counted if not finding.first]
    for finding in (*named, *others[:_NOTED]):
        print(f"note: {finding.sentence}", file=sys.stderr)
    if len(others) > _NOTED:
        print(f"note: {len(others) - _NOTED} more reasons are in the report", file=sys.stderr)


def save(target: Path, text: str) -> None:
    """Write a file whole, and say so on stderr."""
    write_report(target, text)
    print(f"report: {target}", file=sys.stderr)
