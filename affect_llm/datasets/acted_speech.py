"""What corpora of acted speech share: recordings named by a code, or listed in a table.

Either folders of recordings whose names hold speaker and emotion, as the corpora come, or a table
`labels.tsv` beside them (see `speech_table`). Both are split by speaker.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from affect_llm.datasets.reader import Skips, check_split, existing, skip
from affect_llm.datasets.speech_table import Recording, read_recordings
from affect_llm.errors import DataError
from affect_llm.labels.sets import SETS
from affect_llm.types import Sample

SPLITS = ("train", "test")
_SUFFIXES = frozenset({".wav", ".flac", ".mp3"})


@dataclass(frozen=True, slots=True)
class ActedSpeech:
    """One corpus.

    Args:
        title: as people call it.
        corpus: how its rows of a table begin; also the first part of its groups.
        labels: name of its label set.
        decode: the recording that a file's name describes; None for a name that is not the
            corpus'.
        held_out: whether a speaker, by number, is in the test part.
        example: a file as the corpus names it, for messages.
    """

    title: str
    corpus: str
    labels: str
    decode: Callable[[Path], Recording | None]
    held_out: Callable[[int], bool]
    example: str


def read_acted_speech(
    speech: ActedSpeech, root: Path, split: str, skips: Skips | None
) -> Iterator[Sample]:
    """Recordings in order of the table or of the files' paths; the group is the speaker.

    Raises:
        DataError: an unknown split, no such layout, or a table that breaks it.
    """
    check_split(speech.title, split, SPLITS)
    table = root / "labels.tsv"
    found = (
        read_recordings(speech.corpus, table, SETS[speech.labels])
        if table.is_file()
        else _named_recordings(speech, root, skips)
    )
    for recording in found:
        if speech.held_out(recording.speaker) == (split == "test"):
            yield _sample(speech, recording, split)


def _sample(speech: ActedSpeech, recording: Recording, split: str) -> Sample:
    annotations: dict[str, object] = {"emotion": recording.emotion}
    if recording.intensity:
        annotations["intensity"] = recording.intensity
    return Sample(
        id=recording.path.stem,
        annotations=annotations,
        split=split,
        group=f"{speech.corpus}-{recording.speaker:02d}",
        text=recording.transcript or None,
        paths={"audio": str(recording.path)},
    )


def _named_recordings(speech: ActedSpeech, root: Path, skips: Skips | None) -> Iterator[Recording]:
    files = existing(speech.title, root).glob("**/*")
    paths = sorted(path for path in files if path.suffix.lower() in _SUFFIXES)
    decoded = [(path, speech.decode(path)) for path in paths]
    if not any(recording for _, recording in decoded):
        raise DataError(
            f"{speech.title} is not laid out as documented: {root} holds neither labels.tsv nor "
            f"recordings such as {speech.example}."
        )
    seen: set[str] = set()
    for path, recording in decoded:
        if recording is None:
            skip(skips, f"a name that is not {speech.title}'s")
        elif path.stem in seen:
            skip(skips, "a second copy of a recording")
        else:
            seen.add(path.stem)
            yield recording
