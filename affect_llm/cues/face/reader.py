"""The shipped face network in use: grey crops in, calibrated numbers out."""

import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.face.layout import (
    EXPRESSION_SLICE,
    EXPRESSIONS,
    FACENESS_INDEX,
    GAZE_INDEX,
    POSE_SCALE_DEG,
    POSE_SLICE,
    TAUGHT_UNITS,
    UNIT_SLICE,
)
from affect_llm.errors import MissingExtra, WeightsError

if TYPE_CHECKING:
    from affect_llm.cues.face.network import FaceNet

WEIGHTS_FILE = "face_net.safetensors"
_MIRROR = np.array([-1.0, 1.0, -1.0])
"""Signs of yaw, pitch and roll in a mirror image."""


@dataclass(frozen=True, slots=True)
class CropReading:
    """What the network says of N crops.

    Args:
        expressions: (N, 7) probabilities.
        units: (N, 18) intensities 0 to 5.
        pose_deg: (N, 3).
        gaze: (N,) 0 to 1.
        faceness: (N,) probability of being a face.
    """

    expressions: NDArray[np.float64]
    units: NDArray[np.float64]
    pose_deg: NDArray[np.float64]
    gaze: NDArray[np.float64]
    faceness: NDArray[np.float64]


class FaceReader:
    """Reads face crops with the weights in a folder.

    Args:
        folder: holds `face_net.safetensors`, made by `workshop.face`.

    Raises:
        MissingExtra: torch or safetensors is not installed.
        WeightsError: the file is missing, corrupt, or for another layout of outputs.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / WEIGHTS_FILE
        self._net, self._temperature = _load(self.path)

    @cached_property
    def revision(self) -> str:
        """First eight hexadecimal digits of the weights' sha256."""
        return sha256(self.path.read_bytes()).hexdigest()[:8]

    def read(self, crops: NDArray[np.uint8]) -> CropReading:
        """Read (N, 48, 48) uint8 crops; every number is the mean over a crop and its mirror."""
        import torch

        # One crop at a time keeps the answer independent of who else is in the picture.
        with torch.inference_mode():
            pairs = torch.from_numpy(np.stack([crops, crops[:, :, ::-1]], axis=1)).float() / 255
            raw = torch.stack([self._net(pair[:, None]) for pair in pairs]).double().numpy()
        return self._scaled(raw)

    def embed(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(N, 48, 48) uint8 crops to (N, 192), what the head reads: mean of crop and mirror."""
        import torch

        with torch.inference_mode():
            pairs = torch.from_numpy(np.stack([crops, crops[:, :, ::-1]], axis=1)).float() / 255
            rows = [self._net.embed(pair[:, None]).mean(dim=0) for pair in pairs]
        return np.asarray(torch.stack(rows).numpy())

    def read_one(self, crops: NDArray[np.uint8]) -> CropReading:
        """Read (N, 48, 48) crops of one face; the answer has one row, the mean."""
        reading = self.read(crops)
        return CropReading(
            expressions=reading.expressions.mean(axis=0, keepdims=True),
            units=reading.units.mean(axis=0, keepdims=True),
            pose_deg=reading.pose_deg.mean(axis=0, keepdims=True),
            gaze=reading.gaze.mean(axis=0, keepdims=True),
            faceness=reading.faceness.mean(axis=0, keepdims=True),
        )

    def _scaled(self, raw: NDArray[np.float64]) -> CropReading:
        logits = raw[..., EXPRESSION_SLICE].mean(axis=1) / self._temperature
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        pose = raw[..., POSE_SLICE]
        return CropReading(
            expressions=powers / powers.sum(axis=1, keepdims=True),
            units=np.clip(raw[..., UNIT_SLICE].mean(axis=1) * 5, 0, 5),
            pose_deg=(pose[:, 0] + pose[:, 1] * _MIRROR) / 2 * POSE_SCALE_DEG,
            gaze=np.clip(raw[..., GAZE_INDEX].mean(axis=1), 0, 1),
            faceness=1 / (1 + np.exp(-raw[..., FACENESS_INDEX].mean(axis=1))),
        )


def _load(path: Path) -> tuple["FaceNet", float]:
    try:
        from safetensors import SafetensorError, safe_open

        from affect_llm.cues.face.network import FaceNet
    except ImportError as error:
        raise MissingExtra("the face network", "face") from error
    try:
        with safe_open(path, framework="pt") as file:
            notes = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"The face network {path} cannot be read: {error}.") from error
    if notes.get("outputs") != outputs_signature():
        raise WeightsError(f"{path} tells {notes.get('outputs')}, not {outputs_signature()}.")
    try:
        net = FaceNet(tuple(json.loads(notes["widths"])))
        net.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
        return net.eval(), float(notes["temperature"])
    except (KeyError, ValueError, RuntimeError) as error:
        raise WeightsError(f"{path} does not fit the face network: {error}.") from error


def outputs_signature() -> str:
    """Names the outputs a weight file was trained for."""
    return ",".join((*EXPRESSIONS, *TAUGHT_UNITS, "pose", "gaze", "face"))
