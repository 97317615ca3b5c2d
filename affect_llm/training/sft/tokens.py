"""Prompts and answers as the tokens that a reasoner would read and write."""

from typing import Any

from affect_llm.fusion.slots import SlottedPrompt
from affect_llm.reasoners.tokens.chat import require_chat_template
from affect_llm.reasoners.tokens.grammar import TokenVocabulary
from affect_llm.reasoners.tokens.slotted_chat import slotted_prompt
from affect_llm.training.loop.batches import Example
from affect_llm.training.sft.answers import LearnedText
from affect_llm.types import Prompt


class Tokens:
    """The base model's tokenizer, with what a training text needs of it.

    Args:
        tokenizer: with a chat template.
        vocabulary: of the model.
        label_weight: loss weight of tokens that spell the label.

    Raises:
        CapabilityError: there is no chat template.
    """

    def __init__(self, tokenizer: Any, vocabulary: TokenVocabulary, label_weight: float) -> None:
        require_chat_template(tokenizer, str(getattr(tokenizer, "name_or_path", "base")))
        self.tokenizer = tokenizer
        self.vocabulary = vocabulary
        self.label_weight = label_weight
        # The end of an answer is the end-of-text token that the chat template puts behind one.
        turns = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
        ids: list[int] = tokenizer.apply_chat_template(turns, return_dict=False)
        ends = vocabulary.eos_ids
        self.end = next((token for token in reversed(ids) if token in ends), ends[0])

    def prompt(self, prompt: Prompt) -> SlottedPrompt:
        """The chat up to where the answer begins, with its slots."""
        return slotted_prompt(self.tokenizer, prompt)

    def example(self, chat: SlottedPrompt, answer: LearnedText, **about: Any) -> Example:
        """The prompt with its answer; the loss is on the answer alone."""
        ids, weights = self.answer(answer)
        whole = SlottedPrompt((*chat.ids, *ids), chat.slots)
        return Example(whole, (*(0.0 for _ in chat.ids), *weights), **about)

    def answer(self, answer: LearnedText) -> tuple[list[int], list[float]]:
        """Tokens of an answer and their weights, tokenised as a reasoner's own answers are."""

        def in_bytes(place: int) -> int:
            return len(answer.text[:place].encode())

        begin, end = in_bytes(answer.begin), in_bytes(answer.end)
        label = answer.label and tuple(map(in_bytes, answer.label))
        ids, weights, at = [], [], 0
        for token in self.vocabulary.encode(answer.text):
            if at >= end:
                break
            until = at + len(self.vocabulary.token_bytes(token))
            spells = label is not None and until > label[0] and at < label[1]
            ids.append(token)
            weights.append(0.0 if until <= begin else self.label_weight if spells else 1.0)
            at = until
        if answer.ends:
            ids.append(self.end)
            weights.append(1.0)
        return ids, weights
