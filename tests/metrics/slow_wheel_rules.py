"""The published rules once more, as they read: slow, and sharing nothing with the package.

Spreadsheets come from openpyxl, tables are looked up per word, averages are plain loops over
numpy's mean where the last digit depends on it. "Undefined" is NaN here.
"""

import csv
import math
import pickle
import re
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np


def split_labels(value):
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list):
        return value
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return []
    if value[0] == "[":
        value = value[1:]
    if value and value[-1] == "]":
        value = value[:-1]
    return [piece.strip() for piece in re.split("['\",]", value) if piece.strip()]


def sheet(path):
    from openpyxl import load_workbook

    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def read_2025(folder: Path):
    forms: dict[str, list[str]] = {}
    with (folder / "format.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for form in split_labels(row["format"]):
                forms.setdefault(form, []).append(row["name"])
            forms.setdefault(row["name"], []).append(row["name"])
    synonyms: dict[str, set[str]] = {}
    table = sheet(folder / "synonym.xlsx")
    for run in "12345678":
        for row in table:
            word = row[f"word_run{run}"].strip().lower()
            synonyms.setdefault(word, set()).add(word)
            for synonym in split_labels(row[f"synonym_run{run}"]):
                synonyms.setdefault(synonym.strip().lower(), set()).add(word)
    rings = {}
    for wheel in "12345":
        for level in "12":
            rings[f"M3-W{wheel}-L{level}"] = ring(sheet(folder / f"wheel{wheel}.xlsx"), level)
    return SimpleNamespace(forms=forms, synonyms=synonyms, rings=rings)


def ring(rows, level):
    """Later words overwrite earlier ones, where "later" is branch by branch, not row by row."""
    filled, above = [], [None, None, None]
    for row in rows:
        cells = [row["level1"], row["level2"], row["level3"]]
        above = [old if new is None else new for old, new in zip(above, cells, strict=True)]
        filled.append([cell.lower().strip() for cell in above])
    places = {}
    for inner in dict.fromkeys(row[0] for row in filled):
        branch = [row for row in filled if row[0] == inner]
        places[inner] = inner if level == "1" else sorted(row[1] for row in branch)[0]
        for middle in dict.fromkeys(row[1] for row in branch):
            goal = inner if level == "1" else middle
            places[middle] = goal
            for outer in [row[2] for row in branch if row[1] == middle]:
                places[outer] = goal
    return places


class NumpyOnly(pickle.Unpickler):
    """The standard reader of pickles, able to find nothing but numpy's arrays."""

    def find_class(self, module, name):
        assert name in {"_reconstruct", "ndarray", "dtype"}, f"{module}.{name}"
        assert module.startswith("numpy"), f"{module}.{name}"
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)


def read_2026(folder: Path):
    with zipfile.ZipFile(folder / "wheel_mapping.npz") as archive:
        stored = {}
        for member in archive.namelist():
            with archive.open(member) as file:
                np.lib.format.read_magic(file)
                np.lib.format.read_array_header_1_0(file)
                stored[member.removesuffix(".npy")] = NumpyOnly(file).load().item()
    wheels = stored["wheel_map_whole"]
    return SimpleNamespace(
        forms=stored["format_mapping"],
        synonyms=stored["raw_mapping"],
        rings={
            f"M3-W{wheel}-L{level}": wheels[f"wheel{wheel}"][f"level{level}"]
            for wheel in "12345"
            for level in "12"
        },
    )


def group(tables, word, metric):
    if word not in tables.forms:
        return None
    bases = tables.forms[word]
    if metric == "M1":
        return sorted(bases)[0]
    if metric == "M2":
        return sorted(tables.synonyms[sorted(bases)[0]])[0]
    for candidate in sorted(c for base in bases for c in tables.synonyms[base]):
        if candidate in tables.rings[metric]:
            return tables.rings[metric][candidate]
    return None


def groups(tables, labels, metric):
    words = [label.lower().strip() for label in split_labels(labels)]
    return {g for word in words if (g := group(tables, word, metric)) is not None}


def precision_recall(tables, gold, predicted, metric):
    precision, recall = [], []
    for name in gold:
        true = groups(tables, gold[name], metric)
        said = groups(tables, predicted[name], metric)
        if not true:
            continue
        if not said:
            precision.append(0)
            recall.append(0)
            continue
        precision.append(len(true & said) / len(said))
        recall.append(len(true & said) / len(true))
    return precision, recall


def score(tables, gold, predicted, metric, zero):
    """(F, precision, recall, clips)."""
    precisions, recalls = precision_recall(tables, gold, predicted, metric)
    if not precisions:
        return (0.0, 0.0, 0.0, 0) if zero else (math.nan, math.nan, math.nan, 0)
    precision, recall = np.mean(precisions), np.mean(recalls)
    if precision + recall == 0:
        return 0.0 if zero else math.nan, precision, recall, len(precisions)
    f = 2 * (precision * recall) / (precision + recall)
    return f, precision, recall, len(precisions)


def average(tables, gold, predicted, metrics, zero):
    table = [list(score(tables, gold, predicted, metric, zero)[:3]) for metric in metrics]
    return np.mean(table, axis=0).tolist()[0]


def hit_rate(tables, gold, predicted):
    """(hit rate, mscore) over the inner rings of five wheels."""
    table = []
    for wheel in "12345":
        metric = f"M3-W{wheel}-L1"
        whole = {group(tables, label, metric) for label in set(gold.values())} - {None}
        hits, shares = [], []
        for name in gold:
            true = groups(tables, gold[name], metric)
            if true:
                said = groups(tables, predicted[name], metric)
                hits.append(len(said & true))
                both = said & whole
                shares.append(len(said & true) / len(both) if both else 0)
        table.append([np.mean(hits) if hits else math.nan, np.mean(shares) if hits else math.nan])
    return np.mean(table, axis=0).tolist()
