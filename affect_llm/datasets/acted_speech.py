"""What corpora of acted speech share: recordings named by a code, or listed in a table.

Either folders of recordings whose names hold speaker and emotion, as the corpora come, or a table
`labels.tsv` beside them (file, corpus, emotion, intensity, speaker, transcript). Both are split by
speaker.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from affect_llm.datasets.reader import (
    Skips,
    check_split,
    existing,
    inside,
    known_label,
    read_table,
    skip,
)
from affect_llm.errors import DataError
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

SPLITS = ("train", "test")
_COLUMNS = ("file", "corpus", "emotion", "intensity", "speaker", "transcript")
_SUFFIXES = frozenset({".wav", ".flac", ".mp3"})


@dataclass(frozen=True, slots=True)
class Recording:
    """What a name or a row of a table says of a recording.

    Args:
        emotion: a label of the corpus.
        speaker: the number within the corpus.
        intensity: of the acting; empty where it is not told.
        transcript: empty where it is not told.
    """

    emotion: str
    speaker: int
    intensity: str = ""
    transcript: str = ""


@dataclass(frozen=True, slots=True)
class ActedSpeech:
    """The reader of one corpus of acted speech.

    Args:
        title: as people call it.
        corpus: how its rows of a table begin; also the first part of its groups.
        labels: name of its label set.
        name: what the stem of a file's name has to match.
        decode: what a match says of its recording.
        first_held_out: speakers from this number on are the test part, the others train.
        example: a file as the corpus names it, for messages.
    """

    title: str
    corpus: str
    labels: str
    name: re.Pattern[str]
    decode: Callable[[re.Match[str]], Recording]
    first_held_out: int
    example: str

    def __call__(self, root: Path, split: str, skips: Skips | None = None) -> Iterator[Sample]:
        """Recordings in order of the table or of the files' paths; the group is the speaker.

        Raises:
            DataError: an unknown split, no such layout, or a table that breaks it: a missing
                column or recording, an unknown label, a speaker without number, or a file outside
                the table's folder.
        """
        check_split(self.title, split, SPLITS)
        table = root / "labels.tsv"
        listed = self._listed(table) if table.is_file() else self._named(root, skips)
        for path, recording in listed:
            if (recording.speaker >= self.first_held_out) == (split == "test"):
                annotations: dict[str, object] = {"emotion": recording.emotion}
                if recording.intensity:
                    annotations["intensity"] = recording.intensity
                yield Sample(
                    id=path.stem,
                    annotations=annotations,
                    split=split,
                    group=f"{self.corpus}-{recording.speaker:02d}",
                    text=recording.transcript or None,
                    paths={"audio": str(path)},
                )

    def _listed(self, table: Path) -> Iterator[tuple[Path, Recording]]:
        for line, row in read_table(self.corpus, table, _COLUMNS, delimiter="\t"):
            if not row["corpus"].startswith(self.corpus):
                continue
            place = f"{table}, line {line}"
            path = inside(table.parent, row["file"], place)
            number = row["speaker"].rpartition("_")[2]
            if not path.is_file():
                raise DataError(f"{place}: the recording {path} is missing.")
            if not number.isdecimal():
                raise DataError(f"{place}: '{row['speaker']}' ends in no speaker number.")
            emotion = known_label(table, line, row["emotion"], SETS[self.labels])
            yield path, Recording(emotion, int(number), row["intensity"], row["transcript"])

    def _named(self, root: Path, skips: Skips | None) -> Iterator[tuple[Path, Recording]]:
        files = existing(self.title, root).glob("**/*")
        paths = sorted(path for path in files if path.suffix.lower() in _SUFFIXES)
        matches = [(path, self.name.fullmatch(path.stem)) for path in paths]
        if not any(match for _, match in matches):
            raise DataError(
                f"{self.title} is not laid out as documented: {root} holds neither labels.tsv nor "
                f"recordings such as {self.example}."
            )
        seen: set[str] = set()
        for path, match in matches:
            if match is None:
                skip(skips, f"a name that is not {self.title}'s")
            elif path.stem in seen:
                skip(skips, "a second copy of a recording")
            else:
                seen.add(path.stem)
                yield path, self.decode(match)
