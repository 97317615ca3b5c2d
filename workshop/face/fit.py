"""The training loop of the face network."""

import logging
import time
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from affect_llm.cues.face.layout import EXPRESSIONS, POSE_SCALE_DEG, TAUGHT_UNITS
from affect_llm.cues.face.network import FaceNet
from workshop.face.augment import Augmentation, move, moved_signs
from workshop.face.kit import LabelledFaces
from workshop.face.objective import FaceObjective, FaceTargets
from workshop.weight_average import AveragedTraining

_LOG = logging.getLogger(__name__)
_YAW, _ROLL = len(TAUGHT_UNITS), len(TAUGHT_UNITS) + 2


@dataclass(frozen=True, slots=True)
class FaceFitOptions:
    """How long and how hard to train.

    Args:
        epochs: passes over the faces.
        batch: faces per step; a fifth as many negatives join them.
        teacher_share: weight of the teacher's soft labels against the human labels.
        mixup: parameter of the Beta distribution of mixing weights (Zhang et al. 2018).
        average_decay: of the running average of the weights.
        seed: of everything drawn.
    """

    epochs: int = 60
    batch: int = 96
    peak_rate: float = 3e-3
    weight_decay: float = 0.05
    teacher_share: float = 0.6
    mixup: float = 0.2
    average_decay: float = 0.99
    seed: int = 7
    widths: tuple[int, int, int, int] = (32, 64, 128, 192)


@dataclass(frozen=True, slots=True)
class FaceMaterial:
    """Training faces with their `soft` (N, 7) and `signs` (N, K) lessons, and `negatives`."""

    faces: LabelledFaces
    soft: NDArray[np.float32]
    signs: NDArray[np.float32]
    negatives: NDArray[np.uint8]


def fit(material: FaceMaterial, options: FaceFitOptions, objective: FaceObjective) -> FaceNet:
    """A network trained on `material`: the running average of the weights, in eval mode."""
    torch.manual_seed(options.seed)
    generator = torch.Generator().manual_seed(options.seed)
    net = FaceNet(options.widths).to(memory_format=torch.channels_last)
    batches = max(1, len(material.faces.labels) // options.batch)
    training = AveragedTraining(
        net,
        rate=options.peak_rate,
        weight_decay=options.weight_decay,
        steps=batches * options.epochs,
        rising=0.15,
        average_decay=options.average_decay,
    )
    started = time.monotonic()
    for epoch in range(options.epochs):
        order = torch.randperm(len(material.faces.labels), generator=generator)
        for rows in order.chunk(batches):
            crops, targets = _batch(material, rows, options, generator)
            net.train()
            with torch.autocast("cpu", torch.bfloat16):
                outputs = net(crops.contiguous(memory_format=torch.channels_last))
            loss, parts = objective(outputs.float(), targets)
            training.step(loss)
        _LOG.info("epoch %d, %.0f s: %s", epoch + 1, time.monotonic() - started, parts)
    return training.averaged()


def _batch(
    material: FaceMaterial, rows: Tensor, options: FaceFitOptions, generator: torch.Generator
) -> tuple[Tensor, FaceTargets]:
    picked = rows.numpy()
    hard = functional.one_hot(torch.from_numpy(material.faces.labels[picked]), len(EXPRESSIONS))
    soft = torch.from_numpy(material.soft[picked])
    wanted = options.teacher_share * soft + (1 - options.teacher_share) * hard
    moved = move(_grey(material.faces.images[picked]), Augmentation(), generator)
    signs = moved_signs(
        torch.from_numpy(material.signs[picked]), moved, _YAW, _ROLL, POSE_SCALE_DEG
    )
    keep = _mixing(options, generator)
    other = torch.randperm(len(rows), generator=generator)
    crops = keep * moved.crops + (1 - keep) * moved.crops[other]
    wanted = keep * wanted + (1 - keep) * wanted[other]
    signs = keep * signs + (1 - keep) * signs[other]
    strangers = _strangers(material.negatives, len(rows) // 5, generator)
    return torch.cat([crops, strangers]), FaceTargets(wanted, signs, len(rows))


def _mixing(options: FaceFitOptions, generator: torch.Generator) -> float:
    if options.mixup <= 0:
        return 1.0
    chance = np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))
    drawn = float(chance.beta(options.mixup, options.mixup))
    return max(drawn, 1 - drawn)


def _strangers(negatives: NDArray[np.uint8], count: int, generator: torch.Generator) -> Tensor:
    rows = torch.randint(len(negatives), (count,), generator=generator).numpy()
    mild = Augmentation(turn_deg=4, zoom=0.05, shift=0.03, stain=0.0)
    return move(_grey(negatives[rows]), mild, generator).crops


def _grey(images: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(images)[:, None].float() / 255
