"""Emotion-wheel grouping with the published word tables.

Twelve metrics: "M1" (base words), "M2" (wheel words), and "M3-W1-L1" to "M3-W5-L2" (the inner and
the middle ring of five wheels). Words that the tables do not know are dropped, as the published
code does; `repaired_open_set` says what that hides.
"""

from dataclasses import dataclass
from pathlib import Path

from affect_llm.errors import DataError
from affect_llm.labels.official.official_tables import Edition, load_table
from affect_llm.labels.official.word_tables import METRICS, GroupTable

LEVEL_1 = tuple(metric for metric in METRICS if metric.endswith("L1"))
LEVEL_2 = tuple(metric for metric in METRICS if metric.endswith("L2"))


@dataclass(frozen=True, slots=True)
class WheelGrouping:
    """One of the twelve metrics of a vocabulary; a `Grouping`."""

    name: str
    version: str
    names: list[str]
    codes: list[int]
    rows: dict[str, int]

    def group(self, word: str) -> str | None:
        """The group of a word (any case, spaces around it ignored); None for a dropped word."""
        row = self.rows.get(word)
        if row is None:
            row = self.rows.get(word.lower().strip())
        code = -1 if row is None else self.codes[row]
        return None if code < 0 else self.names[code]


class OfficialVocabulary:
    """The groups of every word that one edition of the tables knows."""

    def __init__(self, table: GroupTable) -> None:
        self.edition = table.edition
        self.version = f"official-{table.edition}"
        self.rows = {word: row for row, word in enumerate(table.words)}
        self.groupings = {
            metric: WheelGrouping(
                metric, self.version, table.names[metric], table.codes[metric], self.rows
            )
            for metric in METRICS
        }

    @classmethod
    def official(
        cls, edition: Edition, directory: str | Path, cache: Path | None = None
    ) -> "OfficialVocabulary":
        """The published tables, read from a folder and compiled once.

        Args:
            edition: "2025" (OV-MER, MER-UniBench, MER2025: `format.csv`, `synonym.xlsx`,
                `wheel1.xlsx` to `wheel5.xlsx`) or "2026" (MER2026: `wheel_mapping.npz`).
            directory: the folder that holds these files.
            cache: where the compiled tables are kept; the user's cache folder if None.

        Raises:
            DataError: no such edition, or a file is missing or malformed.
            MissingExtra: the reader of spreadsheets is not installed.
        """
        return cls(load_table(edition, directory, cache))

    def group(self, word: str, metric: str) -> str | None:
        """The group of a word in a metric; None for a word that the metric drops.

        Args:
            word: any case, spaces around it ignored.
            metric: one of `METRICS`.

        Raises:
            DataError: no such metric.
        """
        if metric not in self.groupings:
            raise DataError(f"There is no metric {metric!r}; there are {', '.join(METRICS)}.")
        return self.groupings[metric].group(word)

    def knows(self, word: str) -> bool:
        """Whether the word is in the tables at all, on a wheel or not."""
        return word.lower().strip() in self.rows
