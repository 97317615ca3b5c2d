"""`python -m affect_llm.evaluation.judges --kit DIR --banks DIR`: are the rules' scores any good?

Prints one `RuleValidation` per score, as JSON, measured on clips composed of held-out cues.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from affect_llm.errors import AffectError
from affect_llm.evaluation.banks import read_banks
from affect_llm.evaluation.composed import compose
from affect_llm.evaluation.judges.judgement import ASPECTS
from affect_llm.evaluation.judges.rule_validation import validate_judge
from affect_llm.evaluation.judges.rules import RuleJudge
from affect_llm.evaluation.scores import SEED
from affect_llm.labels.sets import label_set

_LABELS = "ekman7"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; says 0, or 2 where the data is not there."""
    given = _parser().parse_args(arguments)
    judge = RuleJudge()
    try:
        banks = read_banks(given.banks, given.kit / "text" / "meld")
        rng = np.random.default_rng(SEED)
        clips = compose(banks, label_set(_LABELS), given.clips, rng)
        for aspect in ASPECTS:
            print(validate_judge(clips, judge, aspect).model_dump_json(indent=1), flush=True)
    except AffectError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m affect_llm.evaluation.judges")
    parser.add_argument("--kit", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--banks", type=Path, required=True, help="folder of the cue banks")
    parser.add_argument("--clips", type=int, default=250, help="how many are composed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
