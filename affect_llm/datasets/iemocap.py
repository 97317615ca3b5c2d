"""IEMOCAP: English dialogues of ten actors, with emotions, dimensions, sound and transcripts.

Layout, for N from 1 to 5: `SessionN/dialog/EmoEvaluation/Ses01F_impro01.txt` with one line
`[6.2901 - 8.2357]⇥Ses01F_impro01_F000⇥neu⇥[2.5000, 2.5000, 2.5000]` per utterance,
`SessionN/dialog/transcriptions/Ses01F_impro01.txt` with `Ses01F_impro01_F000 [006.29-008.23]:
Excuse me.`, and `SessionN/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav`.
Record: `Sample(id="Ses01F_impro01_F000", text="Excuse me.", annotations={"emotion": "neutral",
"valence": 2.5, "arousal": 2.5, "dominance": 2.5}, split="train", group="Ses01F",
paths={"audio": …})`.

Four ways: angry, happy (excited counted in), sad, neutral. Six ways: excited apart, frustrated
too. Utterances of other emotions or without agreement are left out and counted. The corpus has no
split; here as in MER-UniBench session 5 is the test part, so no speaker is on both sides. The
dimensions run from 1 to 5.

Source: Busso et al. 2008, doi 10.1007/s10579-008-9076-6, and the release's own documentation.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from affect_llm.datasets.reader import Skips, check_split, existing, media_named, skip
from affect_llm.errors import DataError
from affect_llm.types import Sample

SPLITS = ("train", "test")
TEST_SESSION = 5
# Codes of the released labels → emotions of the two usual tasks.
FOUR_WAYS = {"ang": "angry", "hap": "happy", "exc": "happy", "sad": "sad", "neu": "neutral"}
SIX_WAYS = {**FOUR_WAYS, "exc": "excited", "fru": "frustrated"}
_SCORE = r"\s*(\d(?:\.\d+)?)\s*"
_LINE = re.compile(
    rf"\[[\d. -]+\]\s+(Ses\d\d[FM]_\w+?_([FM])\w*)\s+(\w+)\s+\[{_SCORE},{_SCORE},{_SCORE}\]"
)
_SPOKEN = re.compile(r"(Ses\d\d[FM]_\w+)\s+\[[\d. -]+\]:?\s*(.*)")


def read_iemocap(
    root: Path, split: str, skips: Skips | None = None, *, names: Mapping[str, str] = FOUR_WAYS
) -> Iterator[Sample]:
    """Utterances of the four-way task, dialogue by dialogue; the group is the speaker.

    Raises:
        DataError: an unknown split, a missing session or transcript, or a file laid out otherwise.
    """
    check_split("IEMOCAP", split, SPLITS)
    numbers = [n for n in range(1, 6) if (n == TEST_SESSION) == (split == "test")]
    for session in (root / f"Session{n}" for n in numbers):
        tables = sorted(existing("IEMOCAP", session / "dialog" / "EmoEvaluation").glob("Ses*.txt"))
        if not tables:
            raise DataError(f"IEMOCAP: {session}/dialog/EmoEvaluation holds no Ses….txt.")
        for table in tables:
            yield from _dialogue(session, table, split, skips, names)


read_iemocap6 = partial(read_iemocap, names=SIX_WAYS)
"""Reads the utterances of the six-way task."""


def _dialogue(
    session: Path, table: Path, split: str, skips: Skips | None, names: Mapping[str, str]
) -> Iterator[Sample]:
    transcript = existing("IEMOCAP", session / "dialog" / "transcriptions" / table.name)
    matches = (_SPOKEN.match(line) for line in _lines(transcript))
    spoken = {m[1]: m[2].strip() for m in matches if m and m[2].strip()}
    wavs = session / "sentences" / "wav" / table.stem
    rated = [m for line in _lines(table) if (m := _LINE.match(line))]
    if not rated:
        raise DataError(
            f"{table} holds no line such as '[6.29 - 8.23] Ses01F_…_F000 neu [2.5, …]'."
        )
    for utterance, sex, code, *scores in (match.groups() for match in rated):
        if code not in names:
            skip(skips, f"label '{code}'")
            continue
        annotations: dict[str, object] = {"emotion": names[code]}
        for name, score in zip(("valence", "arousal", "dominance"), scores, strict=True):
            annotations[name] = float(score)
        yield Sample(
            id=utterance,
            annotations=annotations,
            split=split,
            group=f"{utterance[:5]}{sex}",
            text=spoken.get(utterance),
            paths=media_named(wavs, utterance, str(table)),
        )


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 text: {error.reason}.") from error
