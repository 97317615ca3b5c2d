"""How a model would write each label, as paths of tokens that share a trie."""

import json
from dataclasses import dataclass
from itertools import takewhile

from affect_llm.errors import PromptError
from affect_llm.reasoners.tokens.grammar import TokenVocabulary
from affect_llm.types import Prompt

Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LabelPaths:
    """Token paths of a closed label set.

    Args:
        common: tokens that every answer begins with, from the prefix on.
        paths: the tokens between `common` and the one that closes the label.
        closers: every token that can close the label: it spells what is left of it and the
            quote, and perhaps more ('"', '",', '","').
    """

    common: Path
    paths: dict[str, Path]
    closers: dict[str, tuple[int, ...]]

    def nodes(self) -> list[Path]:
        """Every non-empty beginning of a path once, parents first."""
        nodes = {path[: n + 1] for path in self.paths.values() for n in range(len(path))}
        return sorted(nodes, key=lambda path: (len(path), path))


def label_paths(vocabulary: TokenVocabulary, prompt: Prompt) -> LabelPaths | None:
    """The paths of a prompt's labels; None where it has none.

    Every answer's beginning is tokenised as a whole, then cut where the label closes.

    The text after the label is included as far as the schema forces it, because a tokenizer may
    merge the closing quote with what follows.

    Raises:
        PromptError: the answer schema does not allow the prefix followed by one of the labels.
    """
    if not prompt.labels:
        return None
    schema = prompt.answer_schema
    matcher = None if schema is None else vocabulary.matcher(schema)
    inner: dict[str, Path] = {}
    closers: dict[str, tuple[int, ...]] = {}
    for label in prompt.labels:
        text = prompt.label_prefix + json.dumps(label, ensure_ascii=False)[1:]
        tail = b""
        if matcher is not None:
            matcher.reset()
            if not matcher.consume_tokens(vocabulary.encode(text)):
                raise PromptError(
                    f"The answer schema does not allow an answer that begins with {text!r}: its "
                    "label property must come first and list exactly the labels of the prompt."
                )
            tail = matcher.compute_ff_bytes()
        ids = vocabulary.encode(text + tail.decode("utf-8", errors="ignore"))
        inner[label], rest = _cut(vocabulary, ids, len(text.encode()))
        closers[label] = vocabulary.starting_with(rest)
    columns = zip(*inner.values(), strict=False)
    common = tuple(column[0] for column in takewhile(lambda c: len(set(c)) == 1, columns))
    paths = {label: path[len(common) :] for label, path in inner.items()}
    return LabelPaths(common, paths, closers)


def _cut(vocabulary: TokenVocabulary, ids: list[int], length: int) -> tuple[Path, bytes]:
    """The tokens wholly before the closing quote, and the bytes from there through the quote."""
    spelt = b""
    for n, token in enumerate(ids):
        step = vocabulary.token_bytes(token)
        if len(spelt) + len(step) >= length:
            return tuple(ids[:n]), step[: length - len(spelt)]
        spelt += step
    raise PromptError(f"The tokenizer does not give back what it was given: {spelt!r}.")
