"""Random adapters in the true format, for the tiny checkpoints of tests/reasoners."""

import json
import warnings
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from tiny_llm import save_checkpoint
from transformers import AutoModelForCausalLM

from affect_llm.adapters.folder import save_adapter
from affect_llm.adapters.manifest import AdapterDescription, BaseModelRef, TrackEncoder
from affect_llm.encoders.registry import open_encoder
from affect_llm.fusion.checkpoint import save_fusion
from affect_llm.fusion.config import FusionConfig, TrackConfig
from affect_llm.fusion.model import build_fusion
from affect_llm.prompting.calibration import Calibration
from affect_llm.prompting.reason import road_file
from affect_llm.store.pretrained import weight_files, weights_hash
from affect_llm.types import Modality, Road

ENCODERS = {"voice": ("fake-audio", Modality.AUDIO), "face": ("fake-visual", Modality.VISUAL)}


def long_base(folder: Path, family: str = "llama") -> Path:
    """A tiny checkpoint that reads prompts of the pipeline's length."""
    save_checkpoint(folder, family)
    config = json.loads((folder / "config.json").read_text())
    config["max_position_embeddings"] = 8192
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def make_adapter(
    folder: Path,
    base: Path,
    *,
    road: Road = "text",
    lora: bool = True,
    seed: int = 0,
    scale: float = 0.3,
    temperature: float | None = None,
    tracks: Sequence[str] = ("voice", "face"),
    changes: dict[str, Any] | None = None,
    lora_changes: dict[str, Any] | None = None,
) -> Path:
    """An adapter as training would leave it: random LoRA, random fusion, or both."""
    projects = road != "text"
    papers = {
        "name": folder.name,
        "base": base_ref(base),
        "prompt": road_file(road).provenance,
        "road": road,
        "tracks": track_encoders(tracks) if projects else (),
        "affect_llm": "0.0",
    }
    width = json.loads((base / "config.json").read_text())["hidden_size"]

    def write(part: Path) -> None:
        if lora:
            save_lora(part, base, seed, scale, **(lora_changes or {}))
        if projects:
            save_fusion(build_fusion(fusion_of(width, tracks), seed), part / "fusion")
        if temperature is not None:
            fitted = Calibration(temperatures={"*": temperature}, fitted_on="made up")
            (part / "calibration.json").write_text(fitted.model_dump_json())

    save_adapter(folder, AdapterDescription(**(papers | (changes or {}))), write)
    return folder


def base_ref(base: Path) -> BaseModelRef:
    weights = weights_hash(weight_files(base))
    return BaseModelRef(reasoner="transformers", name=base.name, revision="local", weights=weights)


def track_encoders(tracks: Sequence[str]) -> tuple[TrackEncoder, ...]:
    return tuple(
        TrackEncoder(
            track=name,
            encoder=ENCODERS[name][0],
            passport=open_encoder(ENCODERS[name][0]).provenance,
        )
        for name in tracks
    )


def fusion_of(width: int, tracks: Sequence[str]) -> FusionConfig:
    rows = [
        TrackConfig(
            name=name,
            modality=ENCODERS[name][1],
            width=8,
            tokens=count,
            encoder=open_encoder(ENCODERS[name][0]).provenance,
        )
        for name, count in zip(tracks, (3, 2), strict=False)
    ]
    return FusionConfig(kind="mlp", llm_width=width, tracks=tuple(rows), hidden=16, token_rms=0.3)


def save_lora(folder: Path, base: Path, seed: int, scale: float, **changes: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peft_model = lora_model(base, seed, scale, **changes)
        peft_model.save_pretrained(folder)


def lora_model(base: Path, seed: int = 0, scale: float = 0.3, **changes: Any) -> Any:
    """The base with a random LoRA, not through any code of ours."""
    from peft import LoraConfig, get_peft_model

    shape = {"r": 4, "lora_alpha": 8, "target_modules": "all-linear", "task_type": "CAUSAL_LM"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = AutoModelForCausalLM.from_pretrained(base)
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            peft_model = get_peft_model(model, LoraConfig(**(shape | changes)))
            fill = partial(torch.nn.init.normal_, std=scale)
            for name, weights in peft_model.named_parameters():
                if "lora_B" in name and scale:
                    fill(weights)
    return peft_model.eval()
