"""The tokens of a model that runs elsewhere, read from its folder without its weights."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from affect_llm.adapters.folder import CALIBRATION_FILE, read_calibration
from affect_llm.errors import WeightsError
from affect_llm.prompting.calibration import Calibration
from affect_llm.reasoners.model_folder import locate, require_packages
from affect_llm.reasoners.spec import EMBEDDED
from affect_llm.reasoners.tokens.chat import require_chat_template
from affect_llm.reasoners.tokens.grammar import TokenVocabulary
from affect_llm.reasoners.tokens.tokenizer import eos_ids, load_tokenizer
from affect_llm.store.digests import sha256_of
from affect_llm.store.pretrained import NEEDED, quietly, weight_files, weights_hash
from affect_llm.store.shipped import shipped

_WITHOUT_WEIGHTS = tuple(pattern for pattern in NEEDED if pattern != "*.safetensors")


@dataclass(frozen=True, slots=True)
class ModelTokens:
    """What a served model's folder says of it.

    Args:
        folder: with `config.json`, `tokenizer.json` and, for adapters, the weights.
        tokenizer: as `load_tokenizer` gives it.
        vocabulary: the tokens as bytes.
        context_tokens: positions that the model was made for.
        provenance: `name@revision#hash`, over the weights where the folder holds them, else over
            the tokenizer.
        weights: whether the folder holds them.
        calibration: that lies there; None where there is none.
        writes: false for the model that ships with the package, which chooses its sentences.
    """

    folder: Path
    tokenizer: Any
    vocabulary: TokenVocabulary
    context_tokens: int
    provenance: str
    weights: bool
    calibration: Calibration | None
    writes: bool

    def encode(self, text: str) -> list[int]:
        """Ids of `text`, without any that a chat template adds."""
        return list(self.tokenizer.encode(text, add_special_tokens=False))


def open_tokens(source: str) -> ModelTokens:
    """Read a folder, a hub id (its small files only), or "embedded" for the shipped model.

    Raises:
        MissingExtra: transformers or llguidance is not installed.
        WeightsError: nothing there, or a file that cannot be read.
        CapabilityError: no chat template, a slow tokenizer, or no end-of-text token.
    """
    require_packages()
    embedded = source == EMBEDDED.name and not Path(source).is_dir()
    with quietly():
        folder, name = locate(str(shipped(EMBEDDED.name)) if embedded else source, _WITHOUT_WEIGHTS)
        tokenizer = load_tokenizer(folder)
    require_chat_template(tokenizer, source)
    vocab_size, positions = _sizes(folder)
    try:
        generation: Any = json.loads((folder / "generation_config.json").read_text("utf-8"))
        listed: int | list[int] | None = generation["eos_token_id"]
    except (OSError, ValueError, LookupError, TypeError):
        listed = None
    whole = any(folder.glob("*.safetensors"))
    digest = (
        weights_hash(weight_files(folder)) if whole else sha256_of(folder / "tokenizer.json")[:12]
    )
    ours = False
    with suppress(WeightsError):  # a build without weights of its own
        ours = whole and digest == weights_hash(weight_files(shipped(EMBEDDED.name)))
    return ModelTokens(
        folder=folder,
        tokenizer=tokenizer,
        vocabulary=TokenVocabulary(tokenizer, vocab_size, eos_ids(listed, tokenizer)),
        context_tokens=positions,
        provenance=f"{name}#{digest}",
        weights=whole,
        calibration=read_calibration(folder / CALIBRATION_FILE),
        writes=not ours,
    )


def _sizes(folder: Path) -> tuple[int, int]:
    """Vocabulary and positions of the model, or of the text part of one of several modalities."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        text = config.get("text_config", config)
        return int(text["vocab_size"]), int(text["max_position_embeddings"])
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise WeightsError(
            f"{folder / 'config.json'} does not say how many tokens the model knows and reads "
            f"({error}). Get the checkpoint again."
        ) from error
