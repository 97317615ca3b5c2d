"""Every known word's group in every metric, worked out once."""

from dataclasses import dataclass

from affect_llm.labels.official.word_tables import METRICS, WordTables


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
    found = {bases: tables.groups(bases) for bases in {tables.bases[word] for word in words}}
    names: dict[str, list[str]] = {}
    codes: dict[str, list[int]] = {}
    for at, metric in enumerate(METRICS):
        names[metric] = sorted({name for groups in found.values() if (name := groups[at])})
        index: dict[str | None, int] = {name: i for i, name in enumerate(names[metric])}
        code = {bases: index.get(groups[at], -1) for bases, groups in found.items()}
        codes[metric] = [code[tables.bases[word]] for word in words]
    return GroupTable(tables.edition, words, names, codes)
