"""What a voice tells on each road: cues as words, features as soft tokens, or both.

RAVDESS, audio alone (its two sentences tell nothing), sixteen actors in four folds: each fold
measures four actors, chooses the checkpoint and fits the calibration on two others and trains on
the remaining ten. The shipped model was trained on cues of actors 01-10 with their labels and
calibrated on 11 and 12, so what shows it cues as words is measured on the last fold alone, and
beside it a probe that was not.
Features come from a Whisper encoder's middle layers; nothing of it is trained. Labels are those
that `analyze` gives: calibrated, with the scores of shown cues pooled. Run it as

    python benchmarks/roads.py --speech KIT/speech --whisper FOLDER --bank bank.jsonl --out OUT

`--bank` is the cue bank that `python -m workshop voice-head` writes. The shipped voice head has
heard actors 01-12; with the bank the cues of their clips carry scores of heads that have not.
Writes roads.json and prints a table; what is there already is not made again.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from roads_answers import Answer, Asked, answers
from roads_probe import PROBES, probed
from roads_recipes import LABELS, RUNS, Run, recipe
from roads_table import print_table, table

from affect_llm.datasets.ravdess import read_ravdess
from affect_llm.training.sft.rows import read_rows
from affect_llm.training.sft.samples import ClipReader, cue_settings
from affect_llm.training.sft.settings import SftSettings
from affect_llm.types import CueSheet

ACTORS = tuple(f"ravdess-{n:02d}" for n in range(1, 17))
FOLDS = (1, 2, 3, 4)
SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class Fold:
    """Rows of one fold, and where its adapters lie."""

    number: int
    out: Path

    @property
    def rows(self) -> Path:
        """JSONL with a split for every row."""
        return self.out / f"rows-{self.number}.jsonl"

    def adapter(self, run: Run) -> Path:
        """The folder of a run's adapter."""
        return self.out / f"{run.name}-{self.number}"

    def split(self, actor: str) -> str:
        """Actors 4n - 3 to 4n are measured; the two before them choose."""
        first = 4 * (self.number - 1)
        if actor in ACTORS[first : first + 4]:
            return "test"
        return "validation" if actor in (ACTORS[first - 1], ACTORS[first - 2]) else "train"


def write_rows(speech: Path, folds: Sequence[Fold]) -> None:
    """Every recording, once for each fold."""
    samples = [s for part in ("train", "test") for s in read_ravdess(speech, part)]
    for fold in folds:
        fold.out.mkdir(parents=True, exist_ok=True)
        lines = [
            {
                "id": s.id,
                "path": s.paths["audio"],
                "label": s.annotations["emotion"],
                "label_set": LABELS,
                "split": fold.split(str(s.group)),
                "group": s.group,
            }
            for s in samples
        ]
        text = "".join(json.dumps(line) + "\n" for line in lines)
        fold.rows.write_text(text, encoding="utf-8")


def train(run: Run, fold: Fold, whisper: Path) -> Path:
    """The adapter of a run, by the command that a person would type."""
    folder = fold.adapter(run)
    if not (folder / "manifest.json").is_file():
        start = None if run.start is None else fold.adapter(RUNS[run.start])
        file = fold.out / f"{folder.name}.yaml"
        file.write_text(yaml.safe_dump(recipe(run, whisper, start)), encoding="utf-8")
        command = [
            str(Path(sys.executable).with_name("affect-llm")), "train", "sft",
            "--data", str(fold.rows), "--recipe", str(file), "--out", str(folder), "--restart",
        ]  # fmt: skip
        subprocess.run(command, check=True)
    return folder


def honest_cues(bank: Path, rows: Path) -> int:
    """Give the cached cue sheets of clips that the shipped head has heard the bank's scores."""
    reader = ClipReader(cue_settings(SftSettings.model_validate({"modalities": ["audio"]})))
    scores = {
        Path(row["id"]).stem: {m["name"]: m["value"] for m in row["measurements"]}
        for row in map(json.loads, bank.read_text(encoding="utf-8").splitlines())
        if row["split"] == "train"
    }
    changed = 0
    for row in read_rows(rows, None).rows:
        clip = reader.read(row)
        if row.id in scores and not isinstance(clip, str):
            reader.sheets.put(row, rescored(clip[0], scores[row.id]))
            changed += 1
    return changed


def rescored(sheet: CueSheet, scores: dict[str, float]) -> CueSheet:
    """The sheet with other values for the cues that the voice head gives."""
    cues = tuple(
        cue.model_copy(update={"value": scores[cue.name]})
        if cue.name.startswith("voice.") and cue.name in scores
        else cue
        for cue in sheet.cues
    )
    return CueSheet(cues=cues, absent=sheet.absent)


def measured(name: str, fold: Fold, whisper: Path) -> list[tuple[str, list[Answer]]]:
    """What a run answers in a fold, and what with the tokens of other clips if it has any."""
    if name == SHIPPED:
        return [(name, answers(Asked(None, "text"), fold.rows))]
    if name in PROBES:
        return [(name, probed(name, fold.rows, whisper))]
    run = RUNS[name]
    asked = Asked(train(run, fold, whisper), run.road)
    found = [(name, answers(asked, fold.rows))]
    if run.road != "text" and run.control is None:
        swapped = Asked(asked.adapter, run.road, swapped=True)
        found.append((f"{name}, other clips' tokens", answers(swapped, fold.rows)))
    return found


def reads_words(name: str) -> bool:
    """Whether a run shows the language model cues as words."""
    return name == SHIPPED or (name in RUNS and RUNS[name].road != "projected")


def measured_all(
    names: Sequence[str], folds: Sequence[Fold], whisper: Path
) -> list[dict[str, object]]:
    """The table of these runs over these folds."""
    found: dict[str, list[Answer]] = {}
    for fold in folds:
        for name in names:
            for way, said in measured(name, fold, whisper):
                found.setdefault(way, []).extend(said)
    return table(found)


def main() -> None:
    """Train, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speech", type=Path, required=True)
    parser.add_argument("--whisper", type=Path, required=True)
    parser.add_argument("--bank", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--runs", nargs="+", default=[SHIPPED, *RUNS, *PROBES])
    given = parser.parse_args()
    folds = [Fold(number, given.out) for number in FOLDS]
    write_rows(given.speech, folds)
    print(f"{honest_cues(given.bank, folds[0].rows)} sheets with scores of heads that did not hear")
    clean = [name for name in given.runs if not reads_words(name)]
    tables = {
        "actors 01-16": measured_all(clean, folds, given.whisper),
        "actors 13-16": measured_all(given.runs, folds[-1:], given.whisper),
    }
    text = json.dumps(tables, indent=2) + "\n"
    (given.out / "roads.json").write_text(text, encoding="utf-8")
    for title, rows in tables.items():
        print(f"\n{title}")
        print_table(rows)


if __name__ == "__main__":
    main()
