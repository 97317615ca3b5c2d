"""The making of the face network: faces, lessons, negatives, network, calibration, report."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from workshop.bank import write_bank
from workshop.face.bank import bank_rows, readers
from workshop.face.fit import FaceFitOptions, FaceMaterial, fit
from workshop.face.kit import LabelledFaces, read_faces
from workshop.face.negatives import faceless_pictures, make_negatives
from workshop.face.objective import FaceObjective
from workshop.face.report import report
from workshop.face.ship import ship
from workshop.face.split import fold_of
from workshop.face.teachers import LANDMARKER, Lessons, ask_teachers

_NEGATIVES = 3000
REPORT_FILE = "metrics.json"
_FOLD_EPOCHS = 50


def train_face_net(data: Path, out: Path, options: FaceFitOptions | None = None) -> None:
    """Train the face network on the kit and write weights, head and metrics to `out`.

    Takes about five minutes of one core, and two more for the teachers. The same seed on the
    same machine gives the same weights.

    Args:
        data: the kit's folder.
        out: made if missing.
        options: how long and how hard.

    Raises:
        DataError: the kit is incomplete.
        MissingExtra: MediaPipe, h5py or another part of the extra `train` is not installed.
    """
    torch.set_num_threads(1)  # two threads spend more on waiting than they save on nets this small
    chosen = options or FaceFitOptions()
    faces = read_faces(data)
    lessons = ask_teachers(faces.images, data)
    learned = faces.within("train")
    _train(data, faces, lessons, learned, chosen, out)
    text = report(faces, lessons, out).model_dump_json(indent=1)
    (out / REPORT_FILE).write_text(text + "\n", encoding="utf-8")


def make_bank(data: Path, shipped: Path, out: Path, folds: int = 2) -> None:
    """Write the bank of face cues, training one network per fold for the training pictures.

    Args:
        data: the kit's folder.
        shipped: folder of the shipped weights.
        out: folder for `bank.jsonl` and the folds' weights.
        folds: at least 2.
    """
    from affect_llm.cues.face.frontal import FrontalDetector
    from affect_llm.cues.face.landmarker import Landmarker

    torch.set_num_threads(1)
    faces = read_faces(data)
    lessons = ask_teachers(faces.images, data)
    options = replace(FaceFitOptions(), epochs=_FOLD_EPOCHS)
    assigned = np.array([fold_of(int(number), folds) for number in faces.ids])
    detector, landmarker = FrontalDetector(), Landmarker(data / LANDMARKER)
    for fold in range(folds):
        learned = faces.within("train") & (assigned != fold)
        _train(data, faces, lessons, learned, options, out / f"fold{fold}")
    cross = [readers(out / f"fold{fold}", detector, landmarker) for fold in range(folds)]
    own = readers(shipped, detector, landmarker)
    write_bank(bank_rows(faces, data / "face" / "demo", own, cross), out / "bank.jsonl")
    landmarker.close()


def _train(
    data: Path,
    faces: LabelledFaces,
    lessons: Lessons,
    learned: NDArray[np.bool_],
    options: FaceFitOptions,
    out: Path,
) -> None:
    generator = np.random.default_rng(options.seed)
    negatives = make_negatives(
        faces.images[learned], faceless_pictures(data), _NEGATIVES, generator
    )
    material = FaceMaterial(
        faces.where(learned), lessons.expressions[learned], lessons.signs[learned], negatives
    )
    net = fit(material, options, FaceObjective())
    ship(net, options.widths, faces, lessons, out, learned=learned)
