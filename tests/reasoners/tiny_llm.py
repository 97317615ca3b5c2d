"""Tiny random checkpoints in the true format, with a tokenizer trained on the spot."""

from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
)

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
QWEN_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CORPUS = [
    '{"label":"joy","valence":0.5,"arousal":0.25,"modalities":{"text":"joy"}}',
    '{"label":"disgust","explanation":[{"text":"The pitch is high.","cues":["V1","F2"]}]}',
    "joy joyful sadness surprise anger fear neutral the cues suggest a raised voice",
] * 20


def train_tokenizer(split: bool = True) -> PreTrainedTokenizerFast:
    """Byte-level BPE; without `split`, tokens merge across words and quotes."""
    tokenizer = Tokenizer(models.BPE())
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    words = pre_tokenizers.Split(Regex(QWEN_SPLIT), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [words, byte_level] if split else [byte_level]
    )
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=420, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        chat_template=CHATML,
    )


def save_checkpoint(folder: Path, family: str = "qwen2", *, split: bool = True) -> Path:
    """A two-layer random model with head_dim 32 and its tokenizer, as `save_pretrained` does."""
    tokenizer = train_tokenizer(split)
    shape = {
        "vocab_size": len(tokenizer) + 4,
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "max_position_embeddings": 1024,
        "initializer_range": 0.3,
        "eos_token_id": tokenizer.eos_token_id,
        "bos_token_id": None,
        "pad_token_id": tokenizer.pad_token_id,
    }
    torch.manual_seed(7)
    model = (
        Qwen2ForCausalLM(Qwen2Config(**shape, tie_word_embeddings=True))
        if family == "qwen2"
        else LlamaForCausalLM(LlamaConfig(**shape))
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
