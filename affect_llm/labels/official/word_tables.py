"""The three steps from a word to its group, as both editions give them, and their outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from affect_llm.errors import DataError

WHEELS = (1, 2, 3, 4, 5)
METRICS = ("M1", "M2", *(f"M3-W{wheel}-L{level}" for wheel in WHEELS for level in (1, 2)))
"""The metrics in the order in which the published code averages them: it sets the last digit."""


@dataclass(frozen=True, slots=True)
class WordTables:
    """The tables of one edition.

    Args:
        edition: "2025" or "2026".
        bases: surface form -> its base words, sorted by code point.
        synonyms: base word -> words of the wheels, sorted by code point.
        rings: "M3-W1-L1" … "M3-W5-L2" -> word of that wheel -> its group.
    """

    edition: str
    bases: Mapping[str, tuple[str, ...]]
    synonyms: Mapping[str, tuple[str, ...]]
    rings: Mapping[str, Mapping[str, str]]

    def __post_init__(self) -> None:
        every = {base for bases in self.bases.values() for base in bases}
        alone = sorted(base for base in every if not self.synonyms.get(base))
        if alone:
            raise DataError(
                f"The {self.edition} word tables do not fit together: {alone[:5]} have forms but "
                "no synonyms; take all files from one edition."
            )

    def groups(self, bases: Sequence[str]) -> list[str | None]:
        """The groups, one per name in `METRICS`, of a word with these base words.

        M1: the first base word. M2: the first wheel word of that base. M3: the group of the first
        wheel word of any base that lies on the wheel, or None. "First" is by code point.

        Args:
            bases: at least one, sorted.
        """
        synonyms = self.synonyms
        candidates = sorted({word for base in bases for word in synonyms[base]})
        outer = [
            next((ring[word] for word in candidates if word in ring), None)
            for ring in (self.rings[metric] for metric in METRICS[2:])
        ]
        return [bases[0], synonyms[bases[0]][0], *outer]


@dataclass(frozen=True, slots=True)
class GroupTable:
    """The outcome of the word tables, which is all that scoring needs.

    Args:
        edition: "2025" or "2026".
        words: the surface forms, lower case and trimmed.
        names: metric -> its group names, sorted.
        codes: metric -> for each of `words`, the index of its group in `names`; -1 if dropped.
    """

    edition: str
    words: list[str]
    names: dict[str, list[str]]
    codes: dict[str, list[int]]


def compile_table(tables: WordTables) -> GroupTable:
    """Looks every surface form up in every metric; forms of the same bases are looked up once."""
    words = [form for form, bases in tables.bases.items() if bases]
    groups = {bases: tables.groups(bases) for bases in {tables.bases[word] for word in words}}
    names: dict[str, list[str]] = {}
    codes: dict[str, list[int]] = {}
    for at, metric in enumerate(METRICS):
        names[metric] = sorted({name for row in groups.values() if (name := row[at])})
        index: dict[str | None, int] = {name: i for i, name in enumerate(names[metric])}
        code = {bases: index.get(row[at], -1) for bases, row in groups.items()}
        codes[metric] = [code[tables.bases[word]] for word in words]
    return GroupTable(tables.edition, words, names, codes)
