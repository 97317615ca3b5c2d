"""`python -m affect_llm.training.voice --data DIR --out DIR --work DIR`."""

import argparse
from pathlib import Path

from affect_llm.training.voice.bank import write_bank
from affect_llm.training.voice.card import write_card
from affect_llm.training.voice.train import TrainOptions, features_path, train_voice_head


def main() -> None:
    """Train the voice head, write its cue bank, measure it and write its card."""
    parser = argparse.ArgumentParser(prog="affect_llm.training.voice", description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with labels.tsv")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--work", type=Path, required=True, help="folder for features and bank")
    given = parser.parse_args()
    options = TrainOptions()
    head = train_voice_head(given.data, given.out, given.work, options)
    bank = given.work / "bank.jsonl"
    write_bank(given.data, head, bank)
    write_card(given.data, given.out, bank, features_path(given.work, options))


if __name__ == "__main__":
    main()
