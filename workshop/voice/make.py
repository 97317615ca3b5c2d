"""The making of the voice head: weights, cue bank, card."""

from pathlib import Path

from workshop.bank import write_bank
from workshop.voice.bank import bank_rows
from workshop.voice.card import write_card
from workshop.voice.train import TrainOptions, features_path, train_voice_head


def make_voice_head(data: Path, out: Path, bank: Path) -> None:
    """Train the voice head, write its cue bank, measure it and write its card.

    Args:
        data: folder with `labels.tsv` and the recordings it lists.
        out: folder for the weights and the card.
        bank: folder for `bank.jsonl`, and for features, which are read again if they are there.

    Raises:
        DataError: the data is not laid out as documented.
    """
    options = TrainOptions()
    head = train_voice_head(data, out, bank, options)
    rows = bank / "bank.jsonl"
    write_bank(bank_rows(data, head), rows)
    write_card(data, out, rows, features_path(bank, options))
