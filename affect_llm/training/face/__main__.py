"""`python -m affect_llm.training.face --data DIR --out DIR [--bank DIR]`."""

import argparse
import logging
from pathlib import Path

from affect_llm.training.face.train import make_bank, train_face_net


def main() -> None:
    """Train the face network; with `--bank`, write the bank of face cues too."""
    parser = argparse.ArgumentParser(prog="python -m affect_llm.training.face")
    parser.add_argument("--data", type=Path, required=True, help="the kit's folder")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--bank", type=Path, help="folder for bank.jsonl and its folds' weights")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    train_face_net(arguments.data, arguments.out)
    if arguments.bank is not None:
        make_bank(arguments.data, arguments.out, arguments.bank)


if __name__ == "__main__":
    main()
