"""The tokenizer of a shipped folder by the library `tokenizers` alone."""

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import Tokenizer

from affect_llm.reasoners.tokens.tokenizer import is_control, load_tokenizer
from affect_llm.store.pretrained import quietly

_GIVEN = {"messages", "add_generation_prompt"}
"""What our rendering tells a template; one that asks for more is left to transformers."""
_PRIVATE = "\U000f0000"
"""From this character on transformers has marks of its own in a chat, which it drops elsewhere."""


class PlainTokenizer:
    """Does what is asked of a tokenizer in ordinary chats; everything else goes to transformers'.

    Args:
        folder: with tokenizer.json, tokenizer_config.json and chat_template.jinja.

    Raises:
        OSError, ValueError, KeyError: a file is missing, or is of another form.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            self.backend_tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the library has no narrower one
            raise ValueError(str(error)) from error
        self.chat_template = (folder / "chat_template.jinja").read_text(encoding="utf-8")
        settings = json.loads((folder / "tokenizer_config.json").read_bytes())
        self.eos_token_id = self.backend_tokenizer.token_to_id(settings["eos_token"])
        # As transformers sets it up for chat templates.
        jinja = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
        if meta.find_undeclared_variables(jinja.parse(self.chat_template)) - _GIVEN:
            raise ValueError("the chat template asks for more than the messages")
        self._template = jinja.from_string(self.chat_template)
        added = self.backend_tokenizer.get_added_tokens_decoder().values()
        self._control = [token.content for token in added if is_control(token)]

    def __len__(self) -> int:
        return int(self.backend_tokenizer.get_vocab_size())

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        """Ids of a text; what spells a special token becomes one."""
        encoding = self.backend_tokenizer.encode(text, add_special_tokens=add_special_tokens)
        return list(encoding.ids)

    def apply_chat_template(self, turns: Sequence[dict[str, str]], **how: Any) -> Any:
        """Ids of a chat, in which messages that spell a control token are left to transformers."""
        said = "\n".join(turn["content"] for turn in turns)
        private = max(said, default="") >= _PRIVATE
        if not how.get("tokenize", True) or private or any(t in said for t in self._control):
            return self._whole.apply_chat_template(turns, **how)
        text = self._template.render(
            messages=turns, add_generation_prompt=how["add_generation_prompt"]
        )
        return self.encode(text, add_special_tokens=False)

    @cached_property
    def _whole(self) -> Any:
        with quietly():
            return load_tokenizer(self._folder)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)
