"""What the embedded reasoner learns from: the corpora's texts and the heads' cue banks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workshop.bank import BankRow, read_bank
from workshop.embedded.compose import Composer
from workshop.embedded.corpora import TextItem, read_corpora


@dataclass(frozen=True, slots=True)
class Material:
    """What a model learns from, without what was set apart."""

    texts: list[TextItem]
    voices: list[BankRow]
    faces: list[BankRow]

    def part(self, name: str) -> "Material":
        """The rows of one part, "train" or "validation"."""
        return Material(
            [t for t in self.texts if t.part == name],
            [v for v in self.voices if v.part == name],
            [f for f in self.faces if f.part == name],
        )

    def composer(self) -> Composer:
        """Draws clips from these rows."""
        return Composer(self.voices, self.faces, self.texts)

    def lines(self) -> Iterator[str]:
        """All of it as text, to tell it from other material."""
        yield from (repr(text) for text in self.texts)
        yield from (row.model_dump_json() for row in (*self.voices, *self.faces))


def read_material(kit: Path, banks: Path) -> Material:
    """Corpora and banks; the test parts of the banks are left out.

    Args:
        kit: the development data, as its own table of contents describes it.
        banks: folder with `voice/bank.jsonl` and `face/bank.jsonl`.

    Raises:
        DataError: something is missing or not laid out as documented.
    """
    return Material(
        read_corpora(kit / "text"),
        [row for row in read_bank(banks / "voice" / "bank.jsonl") if row.part != "test"],
        [row for row in read_bank(banks / "face" / "bank.jsonl") if row.part != "test"],
    )
