"""A JSON Schema as a mask over the next token (llguidance)."""

import json
import secrets
from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from affect_llm.errors import CapabilityError, PromptError

COMPACT = {"whitespace_flexible": False, "item_separator": ",", "key_separator": ":"}
"""JSON without blanks, as `json.dumps` writes the labels: one way to write each answer."""


class TokenVocabulary:
    """The tokens of a model as bytes.

    Args:
        tokenizer: a fast transformers tokenizer.
        width: number of logits the model gives.
        eos_ids: tokens that end an answer.
    """

    def __init__(self, tokenizer: Any, width: int, eos_ids: tuple[int, ...]) -> None:
        from llguidance import LLTokenizer

        if len(tokenizer) > width:
            raise CapabilityError(
                f"The tokenizer knows {len(tokenizer)} tokens and the model only {width}: they "
                "do not belong together. Get the checkpoint again."
            )
        self.width = width
        self._starting: dict[bytes, tuple[int, ...]] = {}
        self.eos_ids = eos_ids
        plain: Any = LLTokenizer
        self.tokenizer: Any = plain(_unspelt(tokenizer), n_vocab=width, eos_token=list(eos_ids))

    def encode(self, text: str) -> list[int]:
        """Ids of `text` in the middle of an answer; special tokens in it stay text."""
        return cast(list[int], self.tokenizer.tokenize_str(text))

    def decode(self, ids: list[int]) -> str:
        """The text of `ids`, special tokens left out, half characters as U+FFFD."""
        plain = [i for i in ids if not self.tokenizer.is_special_token(i)]
        return cast(str, self.tokenizer.decode_str(plain))

    def token_bytes(self, token: int) -> bytes:
        """What one token spells; nothing for a special one."""
        if self.tokenizer.is_special_token(token):
            return b""
        return cast(bytes, self.tokenizer.decode_bytes([token]))

    def starting_with(self, prefix: bytes) -> tuple[int, ...]:
        """Every token that spells `prefix` and perhaps more."""
        if prefix not in self._starting:
            tokens = (i for i, spelt in enumerate(self._spelt) if spelt.startswith(prefix))
            self._starting[prefix] = tuple(tokens)
        return self._starting[prefix]

    @cached_property
    def _spelt(self) -> list[bytes]:
        return [self.token_bytes(i) for i in range(self.width)]

    def matcher(self, schema: Mapping[str, object]) -> Any:
        """A fresh `LLMatcher` for compact JSON that follows `schema`.

        Raises:
            PromptError: the schema is malformed or uses what the grammar cannot express.
        """
        from llguidance import LLMatcher

        options: Any = COMPACT
        grammar = LLMatcher.grammar_from_json_schema(json.dumps(schema), overrides=options)
        matcher = LLMatcher(self.tokenizer, grammar, log_level=0)
        if matcher.is_error():
            problem = matcher.get_error().strip().splitlines()[0]
            raise PromptError(f"The answer schema cannot constrain decoding: {problem}.")
        return matcher

    def allowed(self, matcher: Any) -> NDArray[np.bool_]:
        """Which tokens may come next, (width,)."""
        bits = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
        return np.unpackbits(bits, bitorder="little")[: self.width].astype(bool)


def _unspelt(tokenizer: Any) -> str:
    """The tokenizer as JSON, with special tokens that no text can spell.

    An answer quotes what was said, and somebody may have said "<|im_end|>": as the token it would
    end the answer in the middle. Each special token gets a name that nobody knows.
    """
    raw = json.loads(tokenizer.backend_tokenizer.to_str())
    raw |= {"truncation": None, "padding": None, "post_processor": None}
    unknown = raw["model"].get("unk_token")
    nonce = secrets.token_hex(16)  # 128 bits: nobody says it by chance
    names = {
        token["content"]: f"{nonce} {token['id']}"
        for token in raw["added_tokens"]
        if token["special"] and token["content"] != unknown
    }
    for token in raw["added_tokens"]:
        token["content"] = names.get(token["content"], token["content"])
    vocab = raw["model"]["vocab"]
    if isinstance(vocab, dict):  # BPE and WordPiece: piece → id; Unigram: pairs of piece and score
        vocab = {names.get(piece, piece): number for piece, number in vocab.items()}
    else:
        vocab = [[names.get(piece, piece), score] for piece, score in vocab]
    raw["model"]["vocab"] = vocab
    return json.dumps(raw)
