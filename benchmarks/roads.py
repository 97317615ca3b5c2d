"""What a voice tells on each road: cues as words, features as soft tokens, or both.

RAVDESS, audio alone (its two sentences tell nothing): actors 01-10 train, 11 and 12 choose the
checkpoint and fit the calibration, 13-16 are measured, through `Pipeline.run` as `analyze` does.
Features come from a Whisper encoder's middle layers; nothing of it is trained. Run it as

    python benchmarks/roads.py --speech KIT/speech --whisper FOLDER [--bank bank.jsonl] --out OUT

`--bank` is the cue bank that `affect-llm train voice-head` writes. The shipped voice head has
heard actors 01-12, so its scores of them are better than anybody else's will be; with the bank
the training clips' cues carry out-of-fold scores instead. Writes roads.json and prints a table;
what is there already is not trained again.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from affect_llm.config import Settings
from affect_llm.datasets.ravdess import read_ravdess
from affect_llm.evaluation.prediction import Prediction, prediction_of
from affect_llm.metrics.bootstrap import bootstrap_interval
from affect_llm.metrics.confusion import answer_codes, counted
from affect_llm.metrics.paired_bootstrap import paired_bootstrap
from affect_llm.metrics.recall import unweighted_recall
from affect_llm.pipeline import Pipeline, Source
from affect_llm.training.sft.recipes import load_sft_settings
from affect_llm.training.sft.rows import read_rows
from affect_llm.training.sft.sheets import cue_settings, read_sheets, sheet_cache
from affect_llm.types import CueSheet, Modality, Sample

LABELS = "ravdess8"
VALIDATION = ("ravdess-11", "ravdess-12")
LAYERS = (3, 4, 5)
"""The best of seven choices in a linear probe over folds of actors 01-12."""
ROADS = ("text", "projected", "both")
EPOCHS = {"text": 4, "projected": 12, "both": 2}
"""A prompt with cues as words is six times as long as one with soft tokens alone: so no road costs
more than half an hour on a laptop, and the words get most steps."""


@dataclass(frozen=True, slots=True)
class Run:
    """One way to the model: an adapter that was trained for it, or none."""

    name: str
    adapter: Path | None
    road: str


def write_rows(speech: Path, out: Path) -> list[Sample]:
    """rows.jsonl with every recording; the test samples."""
    train, test = (list(read_ravdess(speech, part)) for part in ("train", "test"))
    lines = [
        {
            "id": s.id,
            "path": s.paths["audio"],
            "label": s.annotations["emotion"],
            "label_set": LABELS,
            "split": "test" if s in test else "validation" if s.group in VALIDATION else "train",
            "group": s.group,
        }
        for s in (*train, *test)
    ]
    out.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (out / "rows.jsonl").write_text(text, encoding="utf-8")
    return test


def recipe(road: str, whisper: Path, control: str | None) -> dict[str, object]:
    """Settings that the roads share; only the road differs."""
    track = {
        "name": "voice",
        "encoder": "whisper",
        "options": {
            "checkpoint": str(whisper), "layers": list(LAYERS), "pool": 10, "window_s": 6.0,
        },
        "tokens": 6,
    }  # fmt: skip
    return {
        "road": road,
        "modalities": ["audio"],
        "tracks": [] if road == "text" else [track],
        "projector": {"kind": "mlp", "hidden": 256, "dropout": 0.3},
        "projector_learning_rate": 1e-3,
        "lora": {"r": 16, "alpha": 32, "dropout": 0.1},
        "learning_rate": 1e-3,
        "batch_tokens": 1024,
        "curriculum": {"noise": [0.3, 0.3], "tokens": [0.1, 0.1]},
        "epochs": EPOCHS[road],
        "evaluations": 4,
        "metric": "uar",
        "tasks": {"label": 1.0},
        "control": control,
        "licences": ["RAVDESS: CC BY-NC-SA 4.0"],
    }


def train(road: str, whisper: Path, out: Path, control: str | None = None) -> Path:
    """The adapter of a road, by the command that a person would type."""
    folder = out / (road if control is None else f"{road}-{control}")
    if not (folder / "manifest.json").is_file():
        file = out / f"{folder.name}.yaml"
        file.write_text(yaml.safe_dump(recipe(road, whisper, control)), encoding="utf-8")
        command = [
            str(Path(sys.executable).with_name("affect-llm")), "train", "sft", "--data",
            str(out / "rows.jsonl"), "--recipe", str(file), "--out", str(folder), "--restart",
        ]  # fmt: skip
        subprocess.run(command, check=True)
    return folder


def honest_cues(bank: Path, out: Path) -> int:
    """Give the cached cue sheets of the training clips the bank's out-of-fold scores."""
    settings = load_sft_settings(None, {"modalities": ["audio"]})
    rows = read_rows(out / "rows.jsonl", None).rows
    scores = {
        Path(row["id"]).stem: {m["name"]: m["value"] for m in row["measurements"]}
        for row in map(json.loads, bank.read_text(encoding="utf-8").splitlines())
        if row["split"] == "train"
    }
    asked = cue_settings(settings)
    cache = sheet_cache(asked)
    changed = 0
    for row, sheet in read_sheets(rows, asked):
        if row.id in scores and isinstance(sheet, CueSheet):
            cache.put(row, rescored(sheet, scores[row.id]))
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


def answers(run: Run, samples: Sequence[Sample], out: Path) -> list[Prediction]:
    """What the product says of each sample; kept in a file."""
    file = out / f"answers-{run.name.replace(', ', '-').replace(' ', '-')}.jsonl"
    if not file.is_file():
        adapter = None if run.adapter is None else str(run.adapter)
        pipeline = Pipeline(
            Settings(labels=LABELS, modalities=(Modality.AUDIO,), adapter=adapter, road=run.road)
        )
        sources = (Source(path=Path(sample.paths["audio"])) for sample in samples)
        found = [
            prediction_of(
                outcome,
                id=sample.id,
                group=sample.group,
                gold=str(sample.annotations["emotion"]),
                modality=Modality.AUDIO,
            )
            for sample, outcome in zip(samples, pipeline.run(sources), strict=True)
        ]
        file.write_text("".join(p.model_dump_json() + "\n" for p in found), encoding="utf-8")
    lines = file.read_text(encoding="utf-8").splitlines()
    return [Prediction.model_validate_json(line) for line in lines]


class Recall:
    """Unweighted recall of a run's leanings, on all samples or on those that are drawn."""

    def __init__(self, found: Sequence[Prediction]) -> None:
        gold = [p.gold for p in found]
        labels = sorted(set(gold))
        self.codes = answer_codes(gold, [p.leaning for p in found], labels)
        self.labels = len(labels)

    def __call__(self, items: object = slice(None)) -> float | None:
        """Of the samples with these indices."""
        return unweighted_recall(counted(self.codes[items], self.labels))


def table(found: dict[str, list[Prediction]]) -> list[dict[str, object]]:
    """Recall of every run with its interval, and its gain over the text road and the others."""
    groups = [p.group for p in next(iter(found.values()))]
    recalls = {name: Recall(predictions) for name, predictions in found.items()}
    rows = []
    for name, recall in recalls.items():
        rng = np.random.default_rng(0)
        row: dict[str, object] = {
            "run": name,
            "uar": recall(),
            "interval": bootstrap_interval(recall, groups, rng),
        }
        for other, base in recalls.items():
            gain = paired_bootstrap(recall, base, groups, np.random.default_rng(0))
            if other != name and gain is not None:
                row[f"over {other}"] = [gain.difference, gain.low, gain.high]
        rows.append(row)
    return rows


def main() -> None:
    """Train, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speech", type=Path, required=True)
    parser.add_argument("--whisper", type=Path, required=True)
    parser.add_argument("--bank", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--roads", nargs="+", default=ROADS, choices=ROADS)
    given = parser.parse_args()
    samples = write_rows(given.speech, given.out)
    if given.bank is not None:
        print(f"{honest_cues(given.bank, given.out)} sheets with out-of-fold scores")
    runs = [Run("text as shipped", None, "text")]
    for road in given.roads:
        runs.append(Run(road, train(road, given.whisper, given.out), road))
    shuffled = train("projected", given.whisper, given.out, "shuffled-labels")
    runs.append(Run("projected, shuffled labels", shuffled, "projected"))
    rows = table({run.name: answers(run, samples, given.out) for run in runs})
    (given.out / "roads.json").write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    for row in rows:
        low, high = row["interval"] or (float("nan"), float("nan"))
        print(f"{row['run']:28} {row['uar']:.3f} [{low:.3f}, {high:.3f}]")


if __name__ == "__main__":
    main()
