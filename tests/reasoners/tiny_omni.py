"""Tiny random checkpoints of models that look or listen, in their true on-disk formats."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tiny_llm import train_tokenizer
from transformers import (
    PreTrainedTokenizerFast,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2_5_VLProcessor,
    Qwen2_5OmniConfig,
    Qwen2_5OmniProcessor,
    Qwen2_5OmniThinkerConfig,
    Qwen2_5OmniThinkerForConditionalGeneration,
    Qwen2AudioConfig,
    Qwen2AudioForConditionalGeneration,
    Qwen2AudioProcessor,
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
SEEN = (
    "{% if part['type'] == 'image' %}<|vision_bos|><|IMAGE|><|vision_eos|>{% endif %}"
    "{% if part['type'] == 'video' %}<|vision_bos|><|VIDEO|><|vision_eos|>{% endif %}"
)
HEARD = "{% if part['type'] == 'audio' %}<|audio_bos|><|AUDIO|><|audio_eos|>{% endif %}"
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n"
    "{% if m['content'] is string %}{{ m['content'] }}{% else %}"
    "{% for part in m['content'] %}"
    + SEEN
    + HEARD
    + "{% if part['type'] == 'text' %}{{ part['text'] }}{% endif %}"
    "{% endfor %}{% endif %}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TEXT = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "max_position_embeddings": 4096,
    "initializer_range": 0.3,
}
MROPE = {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [4, 6, 6]}
VISION = {
    "depth": 1, "hidden_size": 32, "intermediate_size": 64, "num_heads": 2,
    "out_hidden_size": 64, "fullatt_block_indexes": [0], "initializer_range": 0.3,
}  # fmt: skip
AUDIO = {
    "d_model": 32, "encoder_layers": 1, "encoder_attention_heads": 2, "encoder_ffn_dim": 64,
    "num_mel_bins": 128,
}  # fmt: skip
SIDE = 56
"""Pixels of a picture after the processor: two by two tokens."""


def save_omni(folder: Path) -> Path:
    """Qwen2.5-Omni as on the hub: the thinker beside the parts that speak."""
    tokenizer = _tokenizer(tuple(MEDIA_TOKENS), TEMPLATE)
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
    return _generation(folder, tokenizer)


def save_vision(folder: Path) -> Path:
    """Qwen2.5-VL: pictures and no sound."""
    seen = ("image_token", "video_token", "vision_bos_token", "vision_eos_token")
    tokenizer = _tokenizer(seen, TEMPLATE.replace(HEARD, ""))
    size = {"shortest_edge": SIDE * SIDE, "longest_edge": SIDE * SIDE}
    Qwen2_5_VLProcessor(
        image_processor=Qwen2VLImageProcessor(size=size),
        video_processor=Qwen2VLVideoProcessor(size=size),
        tokenizer=tokenizer,
        chat_template=tokenizer.chat_template,
    ).save_pretrained(folder)
    ids = {name: tokenizer.convert_tokens_to_ids(MEDIA_TOKENS[name]) for name in seen}
    config = Qwen2_5_VLConfig(
        text_config={**TEXT, "vocab_size": len(tokenizer) + 4, "rope_parameters": MROPE},
        vision_config=VISION,
        image_token_id=ids["image_token"],
        video_token_id=ids["video_token"],
        vision_start_token_id=ids["vision_bos_token"],
        vision_end_token_id=ids["vision_eos_token"],
    )
    torch.manual_seed(12)
    Qwen2_5_VLForConditionalGeneration(config).save_pretrained(folder)
    return _generation(folder, tokenizer)


def save_audio(folder: Path) -> Path:
    """Qwen2-Audio: sound and no pictures."""
    heard = ("audio_token", "audio_bos_token", "audio_eos_token")
    tokenizer = _tokenizer(heard, TEMPLATE.replace(SEEN, ""))
    Qwen2AudioProcessor(
        feature_extractor=WhisperFeatureExtractor(feature_size=128, chunk_length=30),
        tokenizer=tokenizer,
        chat_template=tokenizer.chat_template,
    ).save_pretrained(folder)
    config = Qwen2AudioConfig(
        audio_config={**AUDIO, "max_source_positions": 1500, "init_std": 0.3},
        text_config={**TEXT, "model_type": "qwen2", "vocab_size": len(tokenizer) + 4},
        audio_token_index=tokenizer.convert_tokens_to_ids(MEDIA_TOKENS["audio_token"]),
    )
    torch.manual_seed(13)
    Qwen2AudioForConditionalGeneration(config).save_pretrained(folder)
    return _generation(folder, tokenizer)


def _tokenizer(names: tuple[str, ...], template: str) -> PreTrainedTokenizerFast:
    tokenizer = train_tokenizer()
    tokens = {name: MEDIA_TOKENS[name] for name in names}
    tokenizer.add_special_tokens({"additional_special_tokens": list(tokens.values())})
    for name, token in tokens.items():
        tokenizer._set_model_specific_special_tokens({name: token})
    tokenizer.chat_template = template
    return tokenizer


def _generation(folder: Path, tokenizer: PreTrainedTokenizerFast) -> Path:
    ends = {"eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id}
    (folder / "generation_config.json").write_text(json.dumps(ends))
    return folder


def _processor(tokenizer: PreTrainedTokenizerFast) -> Qwen2_5OmniProcessor:
    size = {"shortest_edge": SIDE * SIDE, "longest_edge": SIDE * SIDE}
    return Qwen2_5OmniProcessor(
        image_processor=Qwen2VLImageProcessor(size=size),
        video_processor=Qwen2VLVideoProcessor(size=size),
        feature_extractor=WhisperFeatureExtractor(feature_size=128, chunk_length=30),
        tokenizer=tokenizer,
        chat_template=tokenizer.chat_template,
    )


def _thinker(tokenizer: PreTrainedTokenizerFast) -> Qwen2_5OmniThinkerForConditionalGeneration:
    ids = {name: tokenizer.convert_tokens_to_ids(token) for name, token in MEDIA_TOKENS.items()}
    text = {"vocab_size": len(tokenizer) + 4, "sliding_window": None, "rope_parameters": MROPE}
    config = Qwen2_5OmniThinkerConfig(
        text_config={**TEXT, **text},
        audio_config={**AUDIO, "output_dim": 64, "n_window": 50, "initializer_range": 0.3},
        vision_config=VISION,
        audio_token_index=ids["audio_token"],
        image_token_index=ids["image_token"],
        video_token_index=ids["video_token"],
        audio_start_token_id=ids["audio_bos_token"],
        audio_end_token_id=ids["audio_eos_token"],
        vision_start_token_id=ids["vision_bos_token"],
        vision_end_token_id=ids["vision_eos_token"],
        initializer_range=0.3,
    )
    torch.manual_seed(11)
    return Qwen2_5OmniThinkerForConditionalGeneration(config).eval()
