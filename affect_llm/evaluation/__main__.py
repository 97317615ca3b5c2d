"""`python -m affect_llm.evaluation --kit DIR --banks DIR --out DIR`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from affect_llm.config import load_settings
from affect_llm.errors import AffectError
from affect_llm.evaluation.measure import measure, measurement_names, write_whole
from affect_llm.evaluation.tables import results_page


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the page, and say 0, or 2 where the arguments make no sense."""
    given = _parser().parse_args(arguments)
    try:
        settings = load_settings(given.config, reasoner=given.reasoner, model=given.model)
        report = measure(
            given.kit,
            given.banks,
            given.out,
            only=given.only,
            limit=given.limit,
            settings=settings,
            vocabulary=given.vocabulary,
        )
    except AffectError as error:
        print(error, file=sys.stderr)
        return 2
    page = results_page(report)
    if given.page is not None:
        write_whole(given.page, page)
    sys.stdout.write(page)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m affect_llm.evaluation", description=__doc__)
    parser.add_argument("--kit", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--banks", type=Path, required=True, help="folder of the cue banks")
    parser.add_argument("--out", type=Path, required=True, help="folder of the results")
    parser.add_argument("--page", type=Path, help="also write the Markdown page here")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help=f"measure this only; may be repeated: {', '.join(measurement_names())}",
    )
    parser.add_argument("--vocabulary", type=Path, help="folder of the official emotion wheels")
    parser.add_argument("--limit", type=_positive, help="at most so many items of each")
    parser.add_argument("--reasoner", help="instead of the settings' own")
    parser.add_argument("--model", help="checkpoint for reasoners that take one")
    parser.add_argument("--config", type=Path, help="settings file")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
