"""Tiny random encoders in the true on-disk format of each family, with their processors."""

from pathlib import Path

import torch
import transformers as tf
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers

CONVOLUTIONS = {
    "conv_dim": (16, 16, 16),
    "conv_kernel": (10, 8, 4),
    "conv_stride": (5, 8, 8),
    "num_feat_extract_layers": 3,
}
"""Hop 320 as in the published models; an output sees 10 + 7 * 5 + 3 * 40 = 165 samples."""
SPEECH = {
    **CONVOLUTIONS,
    "hidden_size": 32,
    "num_hidden_layers": 5,
    "num_attention_heads": 2,
    "intermediate_size": 48,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 4,
    "vocab_size": 12,
}
VISION = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "image_size": 32,
    "patch_size": 8,
}
TEXT = {
    "hidden_size": 24,
    "intermediate_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
}


def save_speech(folder: Path, family: str, *, normalise: bool = True, head: bool = False) -> Path:
    """ "hubert", "wav2vec2" or "wavlm"; with a CTC head if asked, as fine-tuned ones have."""
    names = {"hubert": "Hubert", "wav2vec2": "Wav2Vec2", "wavlm": "WavLM"}
    config = getattr(tf, f"{names[family]}Config")(**SPEECH)
    torch.manual_seed(1)
    kind = "ForCTC" if head else "Model"
    getattr(tf, names[family] + kind)(config).save_pretrained(folder)
    tf.Wav2Vec2FeatureExtractor(do_normalize=normalise).save_pretrained(folder)
    return folder


def save_whisper(folder: Path) -> Path:
    config = tf.WhisperConfig(
        d_model=32,
        encoder_layers=3,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=48,
        decoder_ffn_dim=48,
        vocab_size=60,
        num_mel_bins=20,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=3,
    )
    torch.manual_seed(2)
    tf.WhisperForConditionalGeneration(config).save_pretrained(folder)
    tf.WhisperFeatureExtractor(feature_size=20).save_pretrained(folder)
    return folder


def save_affect(
    folder: Path, labels: tuple[str, ...] = ("arousal", "dominance", "valence")
) -> Path:
    """As audEERING publishes theirs."""
    from affect_llm.encoders.affect_model import AffectModel

    config = tf.Wav2Vec2Config(**SPEECH, id2label=dict(enumerate(labels)))
    torch.manual_seed(3)
    AffectModel(config).save_pretrained(folder)
    tf.Wav2Vec2FeatureExtractor(do_normalize=True).save_pretrained(folder)
    return folder


def save_vision(folder: Path, family: str) -> Path:
    """ "clip", "siglip" or "dinov2"."""
    torch.manual_seed(4)
    size = {"height": 32, "width": 32}
    text = {**TEXT, "vocab_size": 30, "max_position_embeddings": 16}
    if family == "clip":
        config = tf.CLIPConfig(vision_config=VISION, text_config=text, projection_dim=20)
        tf.CLIPModel(config).save_pretrained(folder)
        tf.CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=size).save_pretrained(folder)
    elif family == "siglip":
        tf.SiglipModel(tf.SiglipConfig(vision_config=VISION, text_config=text)).save_pretrained(
            folder
        )
        tf.SiglipImageProcessor(size=size).save_pretrained(folder)
    else:
        tf.Dinov2Model(tf.Dinov2Config(**VISION)).save_pretrained(folder)
        tf.BitImageProcessor(size={"shortest_edge": 32}, crop_size=size).save_pretrained(folder)
    return folder


def save_text(folder: Path, *, family: str = "bert", positions: int = 128) -> Path:
    """A BERT (or RoBERTa, whose tokens hold their leading space) with a tokenizer."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    corpus = ["the cues suggest a raised voice and a wide smile while she says no"] * 30
    if family == "bert":
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(
            vocab_size=90, special_tokens=special, show_progress=False
        )
    else:
        tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(
            add_prefix_space=True, trim_offsets=False
        )
        trainer = trainers.BpeTrainer(
            vocab_size=320,
            special_tokens=special,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
    tokenizer.train_from_iterator(corpus, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")],
    )
    tf.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=positions - (2 if family == "roberta" else 0),
    ).save_pretrained(folder)
    torch.manual_seed(5)
    shape = {
        **TEXT,
        "vocab_size": tokenizer.get_vocab_size(),
        "max_position_embeddings": positions,
        "pad_token_id": 0,
    }
    if family == "bert":
        tf.BertForMaskedLM(tf.BertConfig(**shape)).save_pretrained(folder)
    else:
        tf.RobertaModel(tf.RobertaConfig(**shape)).save_pretrained(folder)
    return folder


def save_open_clip(path: Path) -> tuple[Path, str]:
    """A tiny open_clip under a name of its own; returns the file and the architecture's name."""
    import json

    import open_clip
    from open_clip.model import CLIP
    from safetensors.torch import save_file

    name = "affect-llm-tiny"
    config = {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 64, "patch_size": 8},
        "text_cfg": {
            "context_length": 16,
            "vocab_size": 50,
            "width": 32,
            "heads": 2,
            "layers": 1,
        },
    }
    (path / f"{name}.json").write_text(json.dumps(config))
    open_clip.add_model_config(path / f"{name}.json")
    torch.manual_seed(6)
    file = path / "open_clip_model.safetensors"
    save_file({k: v.contiguous() for k, v in CLIP(**config).state_dict().items()}, file)
    return file, name
