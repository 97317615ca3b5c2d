"""Random shifts, turns, mirror images, lighting and stains for a batch of face crops."""

from dataclasses import dataclass
from math import radians

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How far a crop may be moved; drawn uniformly, both ways."""

    turn_deg: float = 12.0
    zoom: float = 0.15
    shift: float = 0.08
    gamma: float = 0.35
    noise: float = 0.03
    stain: float = 0.3
    """Share of the crops with a grey rectangle over them."""


@dataclass(frozen=True, slots=True)
class Moved:
    """`crops` (N, 1, S, S), which were `mirrored` (N,) and how far `turned_deg` (N,) clockwise."""

    crops: Tensor
    mirrored: Tensor
    turned_deg: Tensor


def move(crops: Tensor, options: Augmentation, generator: torch.Generator) -> Moved:
    """A random variant of every crop (N, 1, S, S) in 0..1."""
    count = len(crops)

    def drawn() -> Tensor:
        return torch.rand(count, generator=generator) * 2 - 1

    turned, mirrored = drawn() * options.turn_deg, drawn() < 0
    scale = 1 + drawn() * options.zoom
    matrix = _matrices(turned, mirrored, scale, drawn() * options.shift, drawn() * options.shift)
    grid = functional.affine_grid(matrix, list(crops.shape), align_corners=False)
    moved = functional.grid_sample(crops, grid, padding_mode="border", align_corners=False)
    moved = moved.clamp(0, 1) ** torch.exp(drawn() * options.gamma).view(-1, 1, 1, 1)
    moved = moved + torch.randn(moved.shape, generator=generator) * options.noise
    return Moved(_stained(moved.clamp(0, 1), options.stain, generator), mirrored, turned)


def _matrices(
    turned_deg: Tensor, mirrored: Tensor, scale: Tensor, shift_x: Tensor, shift_y: Tensor
) -> Tensor:
    # The grid maps output to input, so a clockwise turn of the picture is undone here.
    angle = turned_deg * radians(1)
    side = torch.where(mirrored, -1.0, 1.0)
    cosine, sine = angle.cos() * scale, angle.sin() * scale
    rows = [side * cosine, side * sine, shift_x * 2, -sine, cosine, shift_y * 2]
    return torch.stack(rows, dim=1).view(-1, 2, 3)


def _stained(crops: Tensor, share: float, generator: torch.Generator) -> Tensor:
    side = crops.shape[-1]
    for row in torch.nonzero(torch.rand(len(crops), generator=generator) < share).flatten():
        size = torch.randint(side // 6, side // 3, (2,), generator=generator)
        top, left = torch.randint(0, side * 2 // 3, (2,), generator=generator)
        shade = torch.rand(1, generator=generator).item()
        crops[row, :, top : top + size[0], left : left + size[1]] = shade
    return crops


def moved_signs(signs: Tensor, moved: Moved, yaw: int, roll: int, unit_deg: float) -> Tensor:
    """The signs (N, K) after the move: mirroring flips yaw and roll, turning adds to roll."""
    signs = signs.clone()
    side = torch.where(moved.mirrored, -1.0, 1.0)
    signs[:, yaw] = signs[:, yaw] * side
    signs[:, roll] = signs[:, roll] * side + moved.turned_deg / unit_deg
    return signs
