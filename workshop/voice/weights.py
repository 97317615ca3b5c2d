"""The folder of the voice head: weights and configuration."""

import hashlib
from pathlib import Path

from affect_llm.cues.kinds import EMOTIONS
from affect_llm.cues.voice.head import CONFIG_FILE, FEATURES, WEIGHTS_FILE, HeadConfig
from affect_llm.cues.voice.network import VoiceEnsemble
from workshop.voice.fit import VoiceFitOptions


def save_head(
    ensemble: VoiceEnsemble, temperature: float, options: VoiceFitOptions, folder: Path
) -> HeadConfig:
    """Write weights and configuration to `folder`, the configuration last."""
    from safetensors.torch import save

    folder.mkdir(parents=True, exist_ok=True)
    tensors = {k: v.contiguous() for k, v in ensemble.state_dict().items()}
    content = save(tensors)
    config = HeadConfig(
        labels=EMOTIONS,
        features=FEATURES,
        members=len(ensemble.members),
        summary=ensemble.shape.summary,
        width=options.width,
        hidden=options.hidden,
        temperature=temperature,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    (folder / WEIGHTS_FILE).write_bytes(content)
    (folder / CONFIG_FILE).write_text(config.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return config
