"""The shipped face network in use: grey crops in, calibrated numbers out."""

import json
from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
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
    from torch import Tensor

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
    """Reads face crops with the weights in a folder; the network is opened at the first crop.

    Args:
        folder: holds `face_net.safetensors`, made by `workshop.face`.

    Raises:
        MissingExtra: torch or safetensors is not installed.
        WeightsError: the file is missing, corrupt, or for another layout of outputs. Tensors
            that do not fit are found when the network is opened.
    """

    def __init__(self, folder: Path) -> None:
        if find_spec("torch") is None or find_spec("safetensors") is None:
            raise MissingExtra("the face network", "face")
        from safetensors import SafetensorError, safe_open

        self.path = folder / WEIGHTS_FILE
        try:
            with safe_open(self.path, framework="np") as file:  # its header alone, without torch
                self._notes: dict[str, str] = file.metadata() or {}
        except (OSError, SafetensorError) as error:
            raise WeightsError(f"The face network {self.path} cannot be read: {error}.") from error
        outputs = self._notes.get("outputs")
        if outputs != outputs_signature():
            raise WeightsError(f"{self.path} tells {outputs}, not {outputs_signature()}.")

    @cached_property
    def revision(self) -> str:
        """First eight hexadecimal digits of the weights' sha256."""
        return sha256(self.path.read_bytes()).hexdigest()[:8]

    def read(self, crops: NDArray[np.uint8]) -> CropReading:
        """Read (N, 48, 48) uint8 crops; every number is the mean over a crop and its mirror."""
        import torch

        # One crop at a time keeps the answer independent of who else is in the picture.
        with torch.inference_mode():
            rows = [self._net(pair) for pair in _with_mirrors(crops)]
        raw = torch.stack(rows).double().numpy()
        logits = raw[..., EXPRESSION_SLICE].mean(axis=1) / float(self._notes["temperature"])
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        pose = raw[..., POSE_SLICE]
        return CropReading(
            expressions=powers / powers.sum(axis=1, keepdims=True),
            units=np.clip(raw[..., UNIT_SLICE].mean(axis=1) * 5, 0, 5),
            pose_deg=(pose[:, 0] + pose[:, 1] * _MIRROR) / 2 * POSE_SCALE_DEG,
            gaze=np.clip(raw[..., GAZE_INDEX].mean(axis=1), 0, 1),
            faceness=1 / (1 + np.exp(-raw[..., FACENESS_INDEX].mean(axis=1))),
        )

    def embed(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(N, 48, 48) uint8 crops to (N, 192), what the head reads: mean of crop and mirror."""
        import torch

        with torch.inference_mode():
            rows = [self._net.embed(pair).mean(dim=0) for pair in _with_mirrors(crops)]
        return np.asarray(torch.stack(rows).numpy())

    def read_one(self, crops: NDArray[np.uint8]) -> CropReading:
        """Read (N, 48, 48) crops of one face; the answer has one row, the mean."""
        reading = self.read(crops)
        columns = (getattr(reading, field.name) for field in fields(reading))
        return CropReading(*(column.mean(axis=0, keepdims=True) for column in columns))

    @cached_property
    def _net(self) -> "FaceNet":
        import torch
        from safetensors import safe_open

        from affect_llm.cues.face.network import FaceNet

        with safe_open(self.path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        try:
            with torch.device("meta"):  # no memory is filled that the weights replace at once
                net = FaceNet(tuple(json.loads(self._notes["widths"])))
            floats = {n: t.float() if t.is_floating_point() else t for n, t in tensors.items()}
            net.load_state_dict(floats, assign=True)
        except (KeyError, ValueError, RuntimeError) as error:
            raise WeightsError(f"{self.path} does not fit the face network: {error}.") from error
        return net.eval()


def _with_mirrors(crops: NDArray[np.uint8]) -> "Tensor":
    """(N, 2, 1, 48, 48) in 0 to 1: each crop and its mirror image."""
    import torch

    pairs = np.stack([crops, crops[:, :, ::-1]], axis=1)
    return torch.from_numpy(pairs).float()[:, :, None] / 255


def outputs_signature() -> str:
    """Names the outputs a weight file was trained for."""
    return ",".join((*EXPRESSIONS, *TAUGHT_UNITS, "pose", "gaze", "face"))
