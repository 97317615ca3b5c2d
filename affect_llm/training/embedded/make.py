"""`affect-llm train embedded`: from the kit and the cue banks to the shipped folder.

Two stages. First the corpora's texts with their labels, many and short, so that words come to
mean something. Then composed clips with whole answers, with some of the texts mixed in so that
nothing is forgotten. Then temperatures on what was set apart, and the model card.
"""

import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import torch
from torch import Tensor
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from affect_llm.training.embedded.bank import BankRow, read_bank
from affect_llm.training.embedded.compose import Composer
from affect_llm.training.embedded.corpora import TextItem, read_corpora
from affect_llm.training.embedded.drill import drill
from affect_llm.training.embedded.examples import Example, Lesson, clip_lesson, encode, text_lesson
from affect_llm.training.embedded.loop import Schedule, train
from affect_llm.training.embedded.model import new_model
from affect_llm.training.embedded.teacher import SentenceTeacher, token_embeddings
from affect_llm.training.embedded.tokenizer import save_tokenizer, train_tokenizer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to train.

    Args:
        text_tokens: of the first stage.
        clip_tokens: of the second stage.
        clips: composed per epoch of the second stage, all of them new.
        texts: label examples mixed into each such epoch.
        foreign: share of the texts that are not English.
        seed: of every draw.
    """

    text_tokens: int = 5_000_000
    clip_tokens: int = 8_000_000
    clips: int = 4_500
    texts: int = 27_000
    foreign: float = 0.2
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Material:
    """What a model learns from, without what was set apart."""

    texts: list[TextItem]
    voices: list[BankRow]
    faces: list[BankRow]

    def part(self, name: str) -> "Material":
        """The rows of one part, "train" or "validation"."""
        return Material(
            [t for t in self.texts if t.part == name],
            [v for v in self.voices if v.part == name],
            [f for f in self.faces if f.part == name],
        )

    def composer(self) -> Composer:
        """Draws clips from these rows."""
        return Composer(self.voices, self.faces, self.texts)


def read_material(kit: Path, banks: Path) -> Material:
    """Corpora and banks; the test parts of the banks are left out.

    Raises:
        DataError: something is missing or not laid out as documented.
    """
    return Material(
        read_corpora(kit / "text"),
        [row for row in read_bank(banks / "voice" / "bank.jsonl") if row.part != "test"],
        [row for row in read_bank(banks / "face" / "bank.jsonl") if row.part != "test"],
    )


def train_embedded(kit: Path, banks: Path, out: Path, teacher: Path | None, plan: Plan) -> None:
    """Train the embedded reasoner and write its folder; a first stage that is there is kept.

    Args:
        kit: the development data, as its own table of contents describes it.
        banks: folder with `voice/bank.jsonl` and `face/bank.jsonl`.
        out: written to; weights in bfloat16, tokenizer.
        teacher: folder of all-MiniLM-L6-v2; None trains without it.
        plan: sizes and seed.

    Raises:
        DataError: data is missing or not laid out as documented.
    """
    torch.manual_seed(plan.seed)
    material = read_material(kit, banks).part("train")
    first = out / "first-stage"
    if not (first / "model.safetensors").is_file():
        _first_stage(material, teacher, plan, first)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(first)
    # Dropout in attention would keep it from its fast path, and clips are never seen twice.
    model = LlamaForCausalLM.from_pretrained(first, dtype=torch.float32, attention_dropout=0.0)
    log.info("second stage: clips")
    clips = _clip_epochs(tokenizer, material, plan)
    schedule = Schedule(tokens=plan.clip_tokens, rate=8e-4)
    train(model, clips, schedule, {}, random.Random(plan.seed))
    _save(model.bfloat16(), tokenizer, out)


def _first_stage(material: Material, teacher: Path | None, plan: Plan, out: Path) -> None:
    """Texts with their labels; what it leaves is where a second stage may start again."""
    tokenizer = train_tokenizer(sample_texts(material, plan))
    log.info("first stage: texts, with a tokenizer of %d entries", len(tokenizer))
    model, targets = _started(tokenizer, material, teacher)
    lessons = encode(tokenizer, _text_lessons(material, plan))
    train(
        model, repeat(lessons), Schedule(tokens=plan.text_tokens), targets, random.Random(plan.seed)
    )
    _save(model, tokenizer, out)


def _save(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    save_tokenizer(tokenizer, folder)
    model.save_pretrained(folder)


def _mostly_english(texts: Sequence[TextItem], plan: Plan) -> list[TextItem]:
    rng = random.Random(plan.seed)
    return [t for t in texts if t.language == "en" or rng.random() < plan.foreign]


def _text_lessons(material: Material, plan: Plan) -> list[Lesson]:
    rng = random.Random(plan.seed)
    return [text_lesson(text, rng) for text in _mostly_english(material.texts, plan)]


def _clip_epochs(
    tokenizer: PreTrainedTokenizerFast, material: Material, plan: Plan
) -> Iterator[list[Example]]:
    rng = random.Random(plan.seed + 1)
    composer = Composer(material.voices, material.faces, _mostly_english(material.texts, plan))
    texts = _text_lessons(material, plan)
    while True:
        clips = [clip_lesson(composer.draw(rng), rng) for _ in range(plan.clips)]
        mixed = rng.sample(texts, k=min(plan.texts, len(texts)))
        yield encode(tokenizer, [*clips, *mixed])


def sample_texts(material: Material, plan: Plan) -> Iterator[str]:
    """What the tokenizer will meet: texts, filled prompts and whole answers."""
    rng = random.Random(plan.seed)
    yield from (t.text for t in material.texts if t.language == "en" or rng.random() < 0.3)
    yield from drill([t.text for t in material.texts], 3000, rng)


def _started(
    tokenizer: PreTrainedTokenizerFast, material: Material, teacher: Path | None
) -> tuple[LlamaForCausalLM, dict[str, Tensor]]:
    if teacher is None:
        return new_model(tokenizer, None), {}
    encoder = SentenceTeacher(teacher)
    english = sorted({text.text for text in material.texts if text.language == "en"})
    log.info("the teacher reads %d texts", len(english))
    targets = dict(zip(english, encoder.encode(english), strict=True))
    return new_model(tokenizer, token_embeddings(encoder, tokenizer)), targets
