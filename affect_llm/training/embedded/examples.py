"""Training examples: token ids of a prompt and its answer, and which tokens are learned."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass

from transformers import PreTrainedTokenizerBase

from affect_llm.cues.extractor import Extraction, number_cues
from affect_llm.labels.sets import SETS
from affect_llm.prompting.reason import reason_prompt
from affect_llm.prompting.schema import LABEL_PREFIX
from affect_llm.training.embedded.answer import write_answer
from affect_llm.training.embedded.compose import Composed
from affect_llm.training.embedded.corpora import TextItem
from affect_llm.types import Absence, CueSheet, Measurement, Modality, Prompt, TimeSpan

_LABEL_WEIGHT = 6.0
"""The label is one token among about 150 and decides everything else."""


@dataclass(frozen=True, slots=True)
class Example:
    """One prompt with its answer.

    Args:
        ids: all tokens.
        weights: loss weight of each token, 0 for the prompt.
        label_at: index of the token that decides the label.
        text: the transcript, where the example is a single text; for distillation.
    """

    ids: list[int]
    weights: list[float]
    label_at: int
    text: str | None = None


def text_sheet(text: str, state: str = "absent") -> CueSheet:
    """The sheet of a clip that is nothing but a text."""
    words = Measurement(
        modality=Modality.TEXT,
        family="words",
        name="words",
        value=text,
        unit="text",
        span=TimeSpan(start_s=0.0, end_s=0.0),
        confidence=1.0,
        source="given",
    )
    absent = tuple(
        Absence.model_validate({"modality": m, "state": state, "reason": "the input is a text"})
        for m in (Modality.AUDIO, Modality.VISUAL)
    )
    return number_cues([Extraction((words,), absent)])


def label_example(
    tokenizer: PreTrainedTokenizerBase, item: TextItem, rng: random.Random
) -> Example:
    """A text with its label alone: what most of the corpora can teach."""
    label = rng.choice(item.labels)
    prompt = reason_prompt(
        text_sheet(item.text, rng.choice(("absent", "not_asked"))), _offered(item, label, rng)
    )
    return _example(tokenizer, prompt, f"{LABEL_PREFIX}{label}", item.text)


def composed_example(
    tokenizer: PreTrainedTokenizerBase, clip: Composed, rng: random.Random
) -> Example:
    """A composed clip with its whole answer."""
    answer = write_answer(clip.sheet, clip.label, clip.verdicts, rng)
    return _example(tokenizer, reason_prompt(clip.sheet, clip.labels), answer, None)


def _offered(item: TextItem, label: str, rng: random.Random) -> Sequence[str]:
    """The corpus' own set, or now and then a shuffled part of it that holds the label."""
    labels = SETS[item.label_set]
    others = [other for other in labels if other not in item.labels]
    if len(others) < 2 or rng.random() < 0.85:
        return labels
    offered = [label, *rng.sample(others, k=rng.randint(2, len(others)))]
    rng.shuffle(offered)
    return offered


def _example(
    tokenizer: PreTrainedTokenizerBase, prompt: Prompt, answer: str, text: str | None
) -> Example:
    """Ids as the reasoner makes them; `answer` may be cut behind its label."""
    messages = [{"role": m.role, "content": m.content} for m in prompt.messages]
    asked = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
    whole = json.loads(answer)["label"] if answer.endswith("}") else answer[len(LABEL_PREFIX) :]
    label_ids = tokenizer.encode(LABEL_PREFIX + whole, add_special_tokens=False)
    answered = tokenizer.encode(answer, add_special_tokens=False)
    if answer.endswith("}"):
        answered = [*answered, tokenizer.eos_token_id]
    prefix = len(tokenizer.encode(LABEL_PREFIX, add_special_tokens=False))
    weights = [0.0] * len(asked) + [
        0.0 if i < prefix else _LABEL_WEIGHT if i < len(label_ids) else 1.0
        for i in range(len(answered))
    ]
    return Example([*asked, *answered], weights, len(asked) + prefix, text)
