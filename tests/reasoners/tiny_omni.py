"""A tiny random Qwen2.5-Omni checkpoint as the hub has it: thinker and talker in one folder."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tiny_llm import train_tokenizer
from transformers import (
    Qwen2_5OmniConfig,
    Qwen2_5OmniProcessor,
    Qwen2_5OmniThinkerConfig,
    Qwen2_5OmniThinkerForConditionalGeneration,
    Qwen2VLImageProcessor,
    Qwen2VLVideoProcessor,
    WhisperFeatureExtractor,
)

MEDIA_TOKENS = {
    "image_token": "<|IMAGE|>",
    "audio_token": "<|AUDIO|>",
    "video_token": "<|VIDEO|>",
    "vision_bos_token": "<|vision_bos|>",
    "vision_eos_token": "<|vision_eos|>",
    "audio_bos_token": "<|audio_bos|>",
    "audio_eos_token": "<|audio_eos|>",
}
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n"
    "{% if m['content'] is string %}{{ m['content'] }}{% else %}"
    "{% for part in m['content'] %}"
    "{% if part['type'] == 'image' %}<|vision_bos|><|IMAGE|><|vision_eos|>"
    "{% elif part['type'] == 'audio' %}<|audio_bos|><|AUDIO|><|audio_eos|>"
    "{% elif part['type'] == 'video' %}<|vision_bos|><|VIDEO|><|vision_eos|>"
    "{% elif part['type'] == 'text' %}{{ part['text'] }}{% endif %}"
    "{% endfor %}{% endif %}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SIDE = 56
"""Pixels of a picture after the processor: two by two tokens."""


def save_omni(folder: Path) -> Path:
    """One-layer towers, a two-layer text model; weights under `thinker.`, as on the hub."""
    tokenizer = train_tokenizer()
    tokenizer.add_special_tokens({"additional_special_tokens": list(MEDIA_TOKENS.values())})
    for name, token in MEDIA_TOKENS.items():
        tokenizer._set_model_specific_special_tokens({name: token})
    tokenizer.chat_template = TEMPLATE
    _processor(tokenizer).save_pretrained(folder)
    thinker = _thinker(tokenizer)
    thinker.save_pretrained(folder)
    weights = load_file(folder / "model.safetensors")
    whole = {f"thinker.{key}": value for key, value in weights.items()}
    whole["talker.codec_head.weight"] = torch.zeros(4, 4)
    whole["token2wav.code2wav_dit_model.proj_out.weight"] = torch.zeros(4, 4)
    save_file(whole, folder / "model.safetensors", metadata={"format": "pt"})
    config = Qwen2_5OmniConfig(thinker_config=thinker.config.to_dict())
    config.save_pretrained(folder)
    generation = {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    (folder / "generation_config.json").write_text(json.dumps(generation))
    return folder


def _processor(tokenizer: object) -> Qwen2_5OmniProcessor:
    size = {"shortest_edge": SIDE * SIDE, "longest_edge": SIDE * SIDE}
    return Qwen2_5OmniProcessor(
        image_processor=Qwen2VLImageProcessor(size=size),
        video_processor=Qwen2VLVideoProcessor(size=size),
        feature_extractor=WhisperFeatureExtractor(feature_size=128, chunk_length=30),
        tokenizer=tokenizer,
        chat_template=TEMPLATE,
    )


def _thinker(tokenizer: object) -> Qwen2_5OmniThinkerForConditionalGeneration:
    ids = {name: tokenizer.convert_tokens_to_ids(t) for name, t in MEDIA_TOKENS.items()}  # type: ignore[attr-defined]
    text = {
        "vocab_size": len(tokenizer) + 4,  # type: ignore[arg-type]
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "max_position_embeddings": 4096,
        "sliding_window": None,
        "rope_parameters": {
            "rope_type": "default", "rope_theta": 10000.0, "mrope_section": [4, 6, 6],
        },
        "initializer_range": 0.3,
    }  # fmt: skip
    config = Qwen2_5OmniThinkerConfig(
        text_config=text,
        audio_config={
            "d_model": 32, "encoder_layers": 1, "encoder_attention_heads": 2,
            "encoder_ffn_dim": 64, "output_dim": 64, "n_window": 50, "num_mel_bins": 128,
            "initializer_range": 0.3,
        },
        vision_config={
            "depth": 1, "hidden_size": 32, "intermediate_size": 64, "num_heads": 2,
            "out_hidden_size": 64, "fullatt_block_indexes": [0], "initializer_range": 0.3,
        },
        audio_token_index=ids["audio_token"],
        image_token_index=ids["image_token"],
        video_token_index=ids["video_token"],
        audio_start_token_id=ids["audio_bos_token"],
        audio_end_token_id=ids["audio_eos_token"],
        vision_start_token_id=ids["vision_bos_token"],
        vision_end_token_id=ids["vision_eos_token"],
        initializer_range=0.3,
    )  # fmt: skip
    torch.manual_seed(11)
    return Qwen2_5OmniThinkerForConditionalGeneration(config).eval()
