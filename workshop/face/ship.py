"""Writes a trained network into the folder that the extractors load."""

import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from affect_llm.cues.face.crops import Square, cut
from affect_llm.cues.face.network import FaceNet
from affect_llm.cues.face.reader import WEIGHTS_FILE, FaceReader, outputs_signature
from affect_llm.cues.face.shape_head import HEAD_FILE
from workshop.face.calibrate import fit_shape_head, fused
from workshop.face.kit import LabelledFaces
from workshop.face.teachers import Lessons
from workshop.temperature import fit_temperature


def ship(
    net: FaceNet,
    widths: tuple[int, ...],
    faces: LabelledFaces,
    lessons: Lessons,
    out: Path,
    *,
    learned: NDArray[np.bool_],
) -> None:
    """Calibrate `net` on the validation part and write weights and blendshape head to `out`.

    Args:
        net: in eval mode.
        widths: of its stages.
        faces: all labelled faces.
        lessons: of the same faces.
        out: folder, made if missing.
        learned: (N,) the faces that the network and the head may learn from.
    """
    out.mkdir(parents=True, exist_ok=True)
    held = faces.within("validation")
    _save(net, widths, 1.0, out)
    logits = np.log(FaceReader(out).read(faces.images[held]).expressions)
    _save(net, widths, fit_temperature(logits, faces.labels[held]), out)
    taught, checked = lessons.seen & learned, lessons.seen & held
    head = fit_shape_head(
        lessons.shapes[taught].astype(float), faces.labels[taught], lessons.shape_names
    )
    network = FaceReader(out).read(_aligned(faces, lessons, checked)).expressions
    shapes = lessons.shapes[checked].astype(float)
    head = fused(head, network, shapes, faces.labels[checked])
    (out / HEAD_FILE).write_text(head.model_dump_json(indent=1) + "\n", encoding="utf-8")


def _save(net: FaceNet, widths: tuple[int, ...], temperature: float, out: Path) -> None:
    from safetensors.torch import save_file

    tensors = {
        name: tensor.to(torch.float16).contiguous() for name, tensor in net.state_dict().items()
    }
    notes = {
        "widths": json.dumps(widths),
        "temperature": repr(temperature),
        "outputs": outputs_signature(),
    }
    save_file(tensors, out / WEIGHTS_FILE, metadata=notes)
    (out / WEIGHTS_FILE).chmod(0o644)


def _aligned(faces: LabelledFaces, lessons: Lessons, rows: NDArray[np.bool_]) -> NDArray[np.uint8]:
    squares = [Square(*(float(value) for value in row)) for row in lessons.squares[rows]]
    pairs = zip(faces.images[rows], squares, strict=True)
    return np.stack([cut(image, square) for image, square in pairs])
