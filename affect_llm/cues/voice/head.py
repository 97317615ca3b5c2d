"""The voice head: emotion, arousal and valence of the speech in a window."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.kinds import EMOTIONS
from affect_llm.cues.voice.frames import VoiceFrames
from affect_llm.cues.voice.head_input import HeadInput, head_input, speech_pieces
from affect_llm.errors import MissingExtra, WeightsError
from affect_llm.types import Model

if TYPE_CHECKING:
    from affect_llm.cues.voice.network import VoiceEnsemble

WEIGHTS_FILE = "voice_head.safetensors"
CONFIG_FILE = "config.json"
FEATURES = "voice-features@1"
"""Changes whenever the same sound would give the network other numbers."""


class HeadConfig(Model):
    """What a voice head's config.json says of the weights beside it.

    Args:
        labels: order of the logits.
        features: must equal `FEATURES` of the code that loads the weights.
        temperature: the logits are divided by it before the softmax.
        sha256: of the weights file.
    """

    labels: tuple[str, ...]
    features: str
    members: int
    summary: int
    width: int
    hidden: int
    temperature: float
    sha256: str


@dataclass(frozen=True, slots=True)
class VoiceScores:
    """Calibrated probabilities by emotion, and arousal and valence in [-1, 1]."""

    emotions: dict[str, float]
    arousal: float
    valence: float


class Listener(Protocol):
    """Something that scores speech; `provenance` is `name@version#weights`."""

    provenance: str

    def score(self, frames: VoiceFrames) -> VoiceScores | None:
        """Scores of the speech in `frames`; None when there is too little of it."""
        ...


class VoiceHead:
    """A `VoiceEnsemble` read from a folder, which scores speech.

    Args:
        folder: holds `voice_head.safetensors` and `config.json`.

    Raises:
        WeightsError: a file is missing, altered, or made for other features.
        MissingExtra: torch or safetensors is not installed.
    """

    def __init__(self, folder: Path) -> None:
        self.config = read_config(folder)
        self.provenance = provenance_of(self.config)
        self._ensemble = _load(folder / WEIGHTS_FILE, self.config)

    def score(self, frames: VoiceFrames) -> VoiceScores | None:
        """Scores of the speech in `frames`: its pieces, weighted by their lengths."""
        inputs = [head_input(piece) for piece in speech_pieces(frames)]
        if not inputs:
            return None
        logits, affect = self.outputs(inputs)
        lengths = np.array([len(x.sequence) for x in inputs], dtype=np.float64)
        share = lengths / lengths.sum()
        p = share @ softmax_rows(logits / self.config.temperature)
        arousal, valence = share @ affect
        emotions = dict(zip(self.config.labels, (float(x) for x in p), strict=True))
        return VoiceScores(emotions, float(arousal), float(valence))

    def outputs(
        self, inputs: Sequence[HeadInput]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Logits (N, 8) and affect (N, 2) of each input, of the whole ensemble."""
        import torch

        logits, affect = [], []
        with torch.inference_mode():
            for x in inputs:
                sequence = torch.from_numpy(x.sequence)[None]
                mask = torch.ones(sequence.shape[:2], dtype=torch.bool)
                row, pair = self._ensemble(sequence, mask, torch.from_numpy(x.summary)[None])
                logits.append(row[0].double().numpy())
                affect.append(pair[0].double().numpy())
        return np.stack(logits), np.stack(affect)

    def steps(self, sequence: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the networks make of a sequence before they pool it over time.

        Args:
            sequence: (T, CHANNELS) as in `HeadInput`, T at least 1.

        Returns:
            (ceil(T / 8), members * width), a row per 160 ms.
        """
        import torch

        with torch.inference_mode():
            x = torch.from_numpy(sequence)[None]
            mask = torch.ones(x.shape[:2], dtype=torch.bool)
            rows = [
                m.heard.steps((x - m.sequence_mean) / m.sequence_scale, mask)
                for m in self._ensemble.networks()
            ]
        return np.asarray(torch.cat(rows, dim=1)[0].T.numpy())


def provenance_of(config: HeadConfig) -> str:
    """`name@version#weights` of a head with this configuration."""
    return f"voice_head@1#{config.sha256[:12]}"


def read_config(folder: Path) -> HeadConfig:
    """The configuration in `folder`, checked against this code and the weights' bytes.

    Raises:
        WeightsError: a file is missing, altered, or made for other features.
    """
    try:
        config = HeadConfig(**json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8")))
        digest = hashlib.sha256((folder / WEIGHTS_FILE).read_bytes()).hexdigest()
    except (OSError, ValueError) as error:
        raise WeightsError(f"The voice head in {folder} cannot be read: {error}.") from error
    if digest != config.sha256:
        raise WeightsError(
            f"The voice head's weights in {folder} have sha256 {digest[:12]}…, and their config "
            f"says {config.sha256[:12]}…: the file is damaged. Reinstall it or train it again."
        )
    if config.features != FEATURES or set(config.labels) != set(EMOTIONS):
        raise WeightsError(
            f"The voice head in {folder} was made for {config.features} and the labels "
            f"{', '.join(config.labels)}; this version needs {FEATURES} and "
            f"{', '.join(EMOTIONS)}. Train it again."
        )
    return config


def softmax_rows(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logits (N, C) as probabilities, row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _load(path: Path, config: HeadConfig) -> "VoiceEnsemble":
    try:
        import torch
        from safetensors.torch import load_file

        from affect_llm.cues.voice.network import NetworkShape, VoiceEnsemble
    except ImportError as error:
        raise MissingExtra("the voice head", "voice") from error
    shape = NetworkShape(config.summary, len(config.labels), config.width, config.hidden)
    tensors = load_file(path)
    floats = {name: t.float() if t.is_floating_point() else t for name, t in tensors.items()}
    with torch.device("meta"):  # no memory is filled that the weights replace at once
        ensemble = VoiceEnsemble(shape, config.members)
    try:
        ensemble.load_state_dict(floats, assign=True)
    except RuntimeError as error:
        raise WeightsError(
            f"The tensors in {path} do not fit the network that {CONFIG_FILE} describes. "
            "Reinstall them or train them again."
        ) from error
    return ensemble.eval()
