"""Whispers wired by hand to say one thing, in the formats that the real ones have.

Every block adds nothing, so the state at position i is the position's own vector, and the output
embedding turns it into the i-th token of the wanted answer.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SIZE = 32
HEADS = 2
POSITION = 100.0
TOKEN = 5.0
SENTENCE = " Hello there."
BYTES = "Hello."
"""For the byte-level vocabulary: recognisers suppress a lone space as a sign that is not spoken."""
LOOKING = (
    "cross_attn.query.weight",
    "cross_attn.key.weight",
    "encoder_attn.q_proj.weight",
    "encoder_attn.k_proj.weight",
)


def wire(state: dict[str, Any], names: Mapping[str, str], answer: Mapping[int, int]) -> None:
    """Zero every tensor, then let position i lead to token `answer[i]`.

    The decoder still looks at the sound here and there, so that word times can be read from it;
    what it sees is thrown away.
    """
    import torch

    torch.manual_seed(0)
    for name, tensor in state.items():
        if name.startswith(("encoder.positional", "model.encoder.embed_positions")):
            continue
        tensor.zero_()
        if name.endswith(("ln.weight", "ln_post.weight", "norm.weight")):
            tensor.fill_(1.0)
        if name.endswith(LOOKING):
            tensor.normal_(0.0, 0.5)
    for position, token in answer.items():
        state[names["positions"]][position, position] = POSITION
        state[names["tokens"]][token, position] = TOKEN


def openai_checkpoint(path: Path) -> Path:
    import torch
    from whisper.model import ModelDimensions, Whisper
    from whisper.tokenizer import get_tokenizer

    dims = ModelDimensions(80, 1500, SIZE, HEADS, 1, 51865, 448, SIZE, HEADS, 2)
    model = Whisper(dims).half()
    state = model.state_dict()
    tokenizer = get_tokenizer(True, language="de", task="transcribe")
    begin = tokenizer.timestamp_begin
    spoken = [begin, *tokenizer.encode(SENTENCE), begin + 100, tokenizer.eot]
    answer = {0: tokenizer.to_language_token("de")}
    answer |= {2 + i: token for i, token in enumerate(spoken)}
    names = {
        "positions": "decoder.positional_embedding",
        "tokens": "decoder.token_embedding.weight",
    }
    wire(state, names, answer)
    torch.save({"dims": vars(dims), "model_state_dict": state}, path)
    return path


def transformers_folder(folder: Path) -> Path:
    from transformers import (
        WhisperConfig,
        WhisperFeatureExtractor,
        WhisperForConditionalGeneration,
    )

    ids = save_tokenizer(folder)
    config = WhisperConfig(
        vocab_size=max(ids.values()) + 1,
        d_model=SIZE,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=HEADS,
        decoder_attention_heads=HEADS,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        decoder_start_token_id=ids["<|startoftranscript|>"],
        eos_token_id=ids["<|endoftext|>"],
        pad_token_id=ids["<|endoftext|>"],
        bos_token_id=ids["<|endoftext|>"],
    )
    model = WhisperForConditionalGeneration(config)
    letters = [ids[c] for c in BYTES]
    spoken = [ids["<|0.00|>"], *letters, ids["<|2.00|>"], ids["<|endoftext|>"]]
    answer = {0: ids["<|de|>"]} | {2 + i: token for i, token in enumerate(spoken)}
    state = model.state_dict()
    names = {
        "positions": "model.decoder.embed_positions.weight",
        "tokens": "model.decoder.embed_tokens.weight",
    }
    wire({k: v for k, v in state.items() if k != "proj_out.weight"}, names, answer)
    model.save_pretrained(folder)
    WhisperFeatureExtractor().save_pretrained(folder)
    (folder / "generation_config.json").write_text(json.dumps(generation(ids)))
    return folder


def save_tokenizer(folder: Path) -> dict[str, int]:
    """A byte-level tokenizer with Whisper's special tokens in Whisper's order."""
    from tokenizers import AddedToken, Tokenizer
    from tokenizers.decoders import ByteLevel as ByteLevelDecoder
    from tokenizers.models import BPE
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import WhisperTokenizerFast
    from transformers.models.whisper.tokenization_whisper import LANGUAGES

    letters = {letter: i for i, letter in enumerate(sorted(ByteLevel.alphabet()))}
    core = Tokenizer(BPE(vocab=letters, merges=[]))
    core.pre_tokenizer = ByteLevel(add_prefix_space=False)
    core.decoder = ByteLevelDecoder()
    names = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{code}|>" for code in LANGUAGES)]
    names += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>"]
    names += ["<|nospeech|>", "<|notimestamps|>"]
    times = [f"<|{i * 0.02:.2f}|>" for i in range(1501)]
    core.add_special_tokens([AddedToken(n, special=True) for n in names])
    core.add_tokens([AddedToken(t, special=False) for t in times])
    folder.mkdir(parents=True, exist_ok=True)
    end = "<|endoftext|>"
    tokenizer = WhisperTokenizerFast(
        tokenizer_object=core, bos_token=end, eos_token=end, unk_token=end, pad_token=end
    )
    tokenizer.save_pretrained(folder)
    return letters | {name: core.token_to_id(name) for name in [*names, *times]}


def generation(ids: dict[str, int]) -> dict[str, Any]:
    languages = {n: i for n, i in ids.items() if len(n) in (6, 7) and n[2:-2].isalpha()}
    return {
        "decoder_start_token_id": ids["<|startoftranscript|>"],
        "eos_token_id": ids["<|endoftext|>"],
        "pad_token_id": ids["<|endoftext|>"],
        "bos_token_id": ids["<|endoftext|>"],
        "no_timestamps_token_id": ids["<|notimestamps|>"],
        "prev_sot_token_id": ids["<|startofprev|>"],
        "lang_to_id": languages,
        "task_to_id": {"transcribe": ids["<|transcribe|>"], "translate": ids["<|translate|>"]},
        "is_multilingual": True,
        "max_initial_timestamp_index": 50,
        "return_timestamps": False,
        "max_length": 448,
        "begin_suppress_tokens": [ids["<|endoftext|>"]],
    }
