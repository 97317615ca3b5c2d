"""Training examples: token ids of a prompt and its answer, and which tokens are learned."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from transformers import PreTrainedTokenizerFast

from affect_llm.cues.catalogue import number_cues
from affect_llm.cues.extractor import Extraction
from affect_llm.fusion.slots import SlottedPrompt
from affect_llm.labels.sets import SETS
from affect_llm.prompting.reason import reason_prompt
from affect_llm.prompting.schema import LABEL_PREFIX
from affect_llm.training.gold_answer import write_answer
from affect_llm.training.loop.batches import Example
from affect_llm.types import Absence, CueSheet, Measurement, Modality, Prompt, TimeSpan
from workshop.embedded.compose import Composed
from workshop.embedded.corpora import TextItem
from workshop.embedded.tokenizer import ASSISTANT, END

_LABEL_WEIGHT = 6.0
"""The label is one token among about 150 and decides everything else."""


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


@dataclass(frozen=True, slots=True)
class Lesson:
    """A prompt with the answer it should get, as text.

    Args:
        asked: the rendered chat up to where the answer begins.
        answer: from `LABEL_PREFIX` on; whole, or cut behind the label.
        label: the label in it.
        text: the transcript, where the lesson is a single text; for distillation.
    """

    asked: str
    answer: str
    label: str
    text: str | None = None


def text_lesson(item: TextItem, rng: random.Random) -> Lesson:
    """A text with its label alone: what most of the corpora can teach."""
    label = rng.choice(item.labels)
    sheet = text_sheet(item.text, rng.choice(("absent", "not_asked")))
    prompt = reason_prompt(sheet, _offered(item, label, rng))
    return Lesson(rendered(prompt), f"{LABEL_PREFIX}{label}", label, item.text)


def clip_lesson(clip: Composed, rng: random.Random) -> Lesson:
    """A composed clip with its whole answer."""
    answer = write_answer(clip.sheet, clip.label, clip.verdicts, rng)
    return Lesson(rendered(reason_prompt(clip.sheet, clip.labels)), answer + END, clip.label)


def rendered(prompt: Prompt) -> str:
    """The chat as `CHAT_TEMPLATE` renders it; written out because that is ten times faster."""
    return "".join(f"<|{m.role}|>{m.content}" for m in prompt.messages) + ASSISTANT


def _offered(item: TextItem, label: str, rng: random.Random) -> Sequence[str]:
    """The corpus' own set, or now and then a shuffled part of it that holds the label."""
    labels = SETS[item.label_set]
    others = [other for other in labels if other not in item.labels]
    if len(others) < 2 or rng.random() < 0.85:
        return labels
    offered = [label, *rng.sample(others, k=rng.randint(2, len(others)))]
    rng.shuffle(offered)
    return offered


def encode(tokenizer: PreTrainedTokenizerFast, lessons: Sequence[Lesson]) -> list[Example]:
    """Ids and weights of all lessons, prompt and answer apart, as a reasoner would read them."""
    backend = tokenizer.backend_tokenizer
    asked = backend.encode_batch_fast([lesson.asked for lesson in lessons])
    answered = backend.encode_batch_fast([lesson.answer for lesson in lessons])
    labels = backend.encode_batch_fast([LABEL_PREFIX + lesson.label for lesson in lessons])
    prefix = len(backend.encode(LABEL_PREFIX).ids)
    return [
        _weighted(lesson, a.ids, b.ids, prefix, len(label.ids))
        for lesson, a, b, label in zip(lessons, asked, answered, labels, strict=True)
    ]


def _weighted(
    lesson: Lesson, asked: list[int], answered: list[int], prefix: int, labelled: int
) -> Example:
    weights = [
        0.0 if i < prefix else _LABEL_WEIGHT if i < labelled else 1.0 for i in range(len(answered))
    ]
    whole = SlottedPrompt((*asked, *answered), ())
    return Example(whole, (*(0.0 for _ in asked), *weights), key=lesson.text or "")
