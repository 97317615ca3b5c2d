"""Features with a class planted in them, and the probe that looks for it."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from affect_llm.fusion.config import FusionConfig, TrackConfig
from affect_llm.fusion.model import Fusion, build_fusion
from affect_llm.types import Absence, Features, Modality

CLASSES = 4
WIDTH = 12
TRACKS = (
    TrackConfig(name="audio", modality=Modality.AUDIO, width=WIDTH, tokens=3),
    TrackConfig(name="face", modality=Modality.VISUAL, width=6, tokens=2),
)


def config_of(kind: str, **changes: object) -> FusionConfig:
    shape = {"kind": kind, "llm_width": 16, "tracks": TRACKS, "hidden": 24, "dropout": 0.0}
    return FusionConfig.model_validate(shape | {"layers": 1, "mixed_tokens": 2} | changes)


def features_of(
    array: NDArray[np.float32], modality: Modality = Modality.AUDIO, hop_s: float = 0.1
) -> Features:
    starts = np.arange(len(array)) * hop_s
    return Features(modality, array, np.stack([starts, starts + 1.5 * hop_s], axis=1), "made@1#x")


def missing(modality: Modality, width: int) -> Features:
    why = Absence(modality=modality, state="absent", reason="made without it")
    return Features.missing(width, "made@1#x", why)


def clip_of(seed: int, audio: int = 9, face: int = 5) -> dict[str, Features]:
    """Random rows; 0 rows leave a track out."""
    random = np.random.default_rng(seed)
    tracks = (("audio", Modality.AUDIO, audio, WIDTH), ("face", Modality.VISUAL, face, 6))
    return {
        name: features_of(random.normal(size=(count, width)).astype(np.float32), modality)
        for name, modality, count, width in tracks
        if count
    }


def planted(
    count: int, seed: int, tracks: Sequence[str] = ("audio", "face")
) -> tuple[list[dict[str, Features]], NDArray[np.int64]]:
    """Noise of varying length; in the tracks named, one third of the rows lean to the class."""
    random = np.random.default_rng(seed)
    directions = np.random.default_rng(99).normal(size=(2, CLASSES, WIDTH))
    labels = random.integers(0, CLASSES, count)
    clips = []
    for label in labels:
        clip = {}
        for index, track in enumerate(TRACKS):
            length = int(random.integers(9, 20))
            rows = random.normal(size=(length, track.width))
            if track.name in tracks:
                at = random.permutation(length)[: length // 3]
                rows[at] += 2.5 * directions[index, label, : track.width]
            clip[track.name] = features_of(rows.astype(np.float32), track.modality)
        clips.append(clip)
    return clips, labels.astype(np.int64)


class Probe(nn.Module):
    """A fusion, the mean of its tokens, a linear layer."""

    def __init__(self, fusion: Fusion, classes: int) -> None:
        super().__init__()
        self.fusion = fusion
        self.classify = nn.Linear(fusion.config.llm_width, classes)

    def forward(self, clips: Sequence[dict[str, Features]]) -> torch.Tensor:
        fused = self.fusion.fuse_batch(clips)
        share = fused.mask.float() / fused.mask.sum(dim=1, keepdim=True).clamp(min=1)
        return self.classify((fused.tokens * share[..., None]).sum(dim=1))


def train_probe(
    config: FusionConfig,
    clips: Sequence[dict[str, Features]],
    labels: NDArray[np.int64],
    *,
    classes: int = CLASSES,
    epochs: int = 12,
    batch: int = 32,
    rate: float = 3e-3,
    decay: float = 1e-2,
    seed: int = 0,
) -> Probe:
    fusion = build_fusion(config, seed)
    fusion.standardise(clips)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        probe = Probe(fusion, classes)
        steps = -(-len(clips) // batch) * epochs
        optimiser = torch.optim.AdamW(probe.parameters(), lr=rate, weight_decay=decay)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
        probe.train()
        for _ in range(epochs):
            order = torch.randperm(len(clips))
            for rows in order.split(batch):
                logits = probe([clips[i] for i in rows])
                loss = nn.functional.cross_entropy(logits, torch.from_numpy(labels)[rows])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
    return probe.eval()


def accuracy(
    probe: Probe, clips: Sequence[dict[str, Features]], labels: NDArray[np.int64]
) -> float:
    return float((predict(probe, clips) == labels).mean())


def predict(probe: Probe, clips: Sequence[dict[str, Features]]) -> NDArray[np.int64]:
    with torch.inference_mode():
        found = [probe(clips[i : i + 64]).argmax(dim=1) for i in range(0, len(clips), 64)]
    return torch.cat(found).numpy()
