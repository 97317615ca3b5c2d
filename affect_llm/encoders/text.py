"""The words of a clip by any transformers encoder: one row a word, a segment or the whole.

Rows are means of token states (Reimers and Gurevych 2019, mean pooling); special tokens do not
count. A word's span is that of the transcript segment that it stands in: exact where segments
are words, and never narrower than what is known.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from affect_llm.cues.speech.device import torch_device
from affect_llm.encoders.checkpoint import (
    CheckpointOptions,
    load_part,
    load_strictly,
    locate_checkpoint,
)
from affect_llm.encoders.encoder import ClipEncoder, FeatureChunk, provenance_of
from affect_llm.encoders.layers import LAST, check_layers, mean_states
from affect_llm.encoders.words import TimedText, windows
from affect_llm.errors import WeightsError
from affect_llm.types import Clip, Modality

WEIGHTS = "minilm"
_MARGIN = 32
"""Tokens of context on each side where a text is longer than the model takes."""


class TextOptions(CheckpointOptions):
    """What text encoders can be told; the checkpoint is the store's MiniLM where none is named.

    Args:
        unit: what one row is.
        layers: hidden states whose mean is taken.
        max_tokens: longest window with its special tokens; less if the model takes less.
    """

    unit: Literal["word", "segment", "whole"] = "word"
    layers: tuple[int, ...] = LAST
    max_tokens: int = Field(default=512, ge=96, le=8192)


class TextEncoder(ClipEncoder):
    """Any encoder model of transformers with a fast tokenizer.

    Raises:
        MissingExtra: transformers is not installed.
        WeightsError: no checkpoint, one that is not whole, or a slow tokenizer.
        ConfigError: a layer that the model has not.
    """

    options_type = TextOptions
    modality = Modality.TEXT
    empty = "the transcript of {} holds no words"

    def __init__(self, options: TextOptions) -> None:
        folder = locate_checkpoint(options.checkpoint, WEIGHTS, "the encoder 'text'")
        opened = load_strictly(folder, (), unread=("pooler.",))
        config = opened.model.config
        check_layers(options.layers, config.num_hidden_layers)
        self._options = options
        self._tokenizer = _fast_tokenizer(folder)
        # Special tokens that the model expects before and after a text.
        framed = self._tokenizer("a", return_special_tokens_mask=True)
        ids = np.array(framed["input_ids"], dtype=np.int64)
        plain = np.flatnonzero(np.array(framed["special_tokens_mask"]) == 0)
        self._before, self._after = ids[: plain[0]], ids[plain[-1] + 1 :]
        # RoBERTa's table of positions counts two for padding in.
        shifted = config.model_type in ("roberta", "xlm-roberta", "camembert")
        positions = int(config.max_position_embeddings) - (2 if shifted else 0)
        longest = min(positions, int(self._tokenizer.model_max_length))
        self._size = min(options.max_tokens, longest)
        self._device = torch_device(options.device)
        self._model = opened.model.to(self._device)
        self.batch, self.width = options.batch, int(config.hidden_size)
        self.provenance = provenance_of("text", 1, opened.weights, options)

    def key(self, clip: Clip) -> str:
        """The words and their times; the file's bytes do not matter."""
        parts = [(s.text, s.span.start_s, s.span.end_s) for s in clip.transcript]
        return sha256(repr(parts).encode()).hexdigest()

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        """Windows of tokens, each with the model's special tokens around it."""
        timed = TimedText.of(clip.transcript)
        plain = self._tokenizer(
            timed.text,
            add_special_tokens=False,
            return_offsets_mapping=True,
            split_special_tokens=True,  # "[SEP]" in a transcript is five characters, no token
            truncation=False,
            verbose=False,
        )
        ids = np.array(plain["input_ids"], dtype=np.int64)
        if not len(ids):
            return
        offsets = np.array(plain["offset_mapping"], dtype=np.int64)
        characters = _first_characters(timed.text, offsets)
        owner = np.zeros_like(characters)
        if self._options.unit != "whole":
            by_word = self._options.unit == "word"
            owner = timed.words_at(characters) if by_word else timed.segments_at(characters)
        times = timed.times(timed.segments_at(characters))
        room = self._size - len(self._before) - len(self._after)
        for first, last, begin, end in windows(len(ids), room, _MARGIN):
            at = np.arange(first, last)
            owned = np.where((at >= begin) & (at < end), owner[first:last], -1)
            around = (len(self._before), len(self._after))  # special tokens, which nobody owns
            yield FeatureChunk(
                np.concatenate([self._before, ids[first:last], self._after]),
                np.pad(owned, around, constant_values=-1),
                np.pad(times[first:last], (around, (0, 0))),
            )

    def forward(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """(B, K) token ids to (B, K, width)."""

        def read(ids: Any, **options: Any) -> Any:
            mask = ids.new_ones(ids.shape)  # nothing is padded
            return self._model(input_ids=ids, attention_mask=mask, **options)

        return mean_states(read, self._options.layers, self._device, inputs)


def _first_characters(text: str, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """(K,) first character of each token that is no space: some tokenizers count the space in."""
    return np.array(
        [s + (e > s and len(text[s:e]) - len(text[s:e].lstrip())) for s, e in offsets.tolist()],
        dtype=np.int64,
    ).clip(0, max(len(text) - 1, 0))


def _fast_tokenizer(folder: Any) -> Any:
    from transformers import AutoTokenizer

    tokenizer = load_part(AutoTokenizer, folder, trust_remote_code=False)
    if not tokenizer.is_fast:
        raise WeightsError(
            f"The tokenizer in {folder} is not a fast one (tokenizer.json), which is needed to "
            "tell where in the text a token stands. Convert it, or choose another checkpoint."
        )
    return tokenizer
