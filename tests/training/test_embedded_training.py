"""Training at toy size: a planted signal is learned, shuffled labels are not."""

import itertools
import random
from collections import Counter
from dataclasses import replace

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from affect_llm.labels.sets import SETS
from affect_llm.prompting.reason import reason_prompt
from affect_llm.reasoners.chat import chat_ids
from affect_llm.training.embedded.bank import BankRow
from affect_llm.training.embedded.compose import Composer, naming
from affect_llm.training.embedded.corpora import TextItem
from affect_llm.training.embedded.examples import (
    Example,
    clip_lesson,
    encode,
    rendered,
    text_lesson,
    text_sheet,
)
from affect_llm.training.embedded.loop import Schedule, batches, train
from affect_llm.training.embedded.tokenizer import fixed_strings, train_tokenizer
from affect_llm.types import Measurement, Modality, TimeSpan

SIGNS = {"joy": "sunny", "anger": "stormy", "sadness": "rainy", "neutral": "grey"}


def item(text: str, label: str) -> TextItem:
    return TextItem(text, (label,), "toy", "meld7", "en", "train")


@pytest.fixture(scope="module")
def items() -> list[TextItem]:
    rng = random.Random(0)
    fillers = ["the", "weather", "is", "today", "again", "here", "so", "very"]
    return [
        item(" ".join([*rng.sample(fillers, 4), SIGNS[label], rng.choice(fillers)]), label)
        for label in rng.choices(sorted(SIGNS), k=600)
    ]


@pytest.fixture(scope="module")
def tokenizer(items: list[TextItem]) -> PreTrainedTokenizerFast:
    return train_tokenizer([i.text for i in items])


def row(emotion: str, modality: Modality, scores: dict[str, float]) -> BankRow:
    prefix = "voice" if modality is Modality.AUDIO else "face"
    measured = tuple(
        Measurement(
            modality=modality,
            family=prefix,
            name=f"{prefix}.{name}",
            value=value,
            unit="p",
            span=TimeSpan(start_s=0.0, end_s=2.0),
            confidence=1.0,
            source="toy",
        )
        for name, value in scores.items()
    )
    return BankRow(
        id=emotion, emotion=emotion, part="train", extractor="toy", measurements=measured
    )


def composer(items: list[TextItem]) -> Composer:
    emotions = ("anger", "happiness", "sadness", "neutral")
    rows = {
        m: [row(e, m, {o: 0.7 if o == e else 0.1 for o in emotions}) for e in emotions]
        for m in (Modality.AUDIO, Modality.VISUAL)
    }
    return Composer(rows[Modality.AUDIO], rows[Modality.VISUAL], items)


def test_the_written_out_chat_is_what_a_reasoner_reads(tokenizer: PreTrainedTokenizerFast) -> None:
    prompt = reason_prompt(text_sheet("so <|end|> is today"), SETS["meld7"])
    ids = tokenizer.backend_tokenizer.encode(rendered(prompt)).ids
    assert chat_ids(tokenizer, prompt.messages) == ids


def test_fixed_strings_are_one_token_each(tokenizer: PreTrainedTokenizerFast) -> None:
    for fixed in fixed_strings():
        assert len(tokenizer.encode(fixed, add_special_tokens=False)) == 1, fixed


def test_any_text_survives_the_tokenizer(tokenizer: PreTrainedTokenizerFast) -> None:
    text = "Größe 0.71, 你好 — \U0001f600 it's"
    assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False)) == text


def test_only_the_answer_is_learned(
    tokenizer: PreTrainedTokenizerFast, items: list[TextItem]
) -> None:
    rng = random.Random(1)
    clip = composer(items).draw(rng)
    lessons = [text_lesson(items[0], rng), clip_lesson(clip, rng)]
    for lesson, example in zip(lessons, encode(tokenizer, lessons), strict=True):
        learned = [i for i, weight in enumerate(example.weights) if weight]
        assert learned == list(range(example.label_at, len(example.ids)))
        assert tokenizer.decode(example.ids[example.label_at]).startswith(lesson.label[:2])
    assert lessons[1].answer.endswith("}<|end|>")


def test_composed_clips_name_the_conflict_they_were_made_with(items: list[TextItem]) -> None:
    rng, made = random.Random(2), composer(items)
    clips = [made.draw(rng) for _ in range(300)]
    assert {len(c.verdicts) for c in clips} == {1, 2, 3}
    for clip in clips:
        present = {cue.modality for cue in clip.sheet.cues}
        assert set(clip.verdicts) == present
        assert clip.label in clip.labels
        missing = {a.modality for a in clip.sheet.absent}
        assert not missing & present
        if len(set(clip.verdicts.values())) == 1:
            assert clip.label in clip.verdicts.values()


def test_lone_texts_are_as_common_as_in_their_corpus() -> None:
    skewed = [item(sign, label) for label, sign in SIGNS.items()] + [item("grey", "neutral")] * 40
    rng, made = random.Random(4), composer(skewed)
    clips = [made.draw(rng) for _ in range(2000)]
    alone = [c for c in clips if set(c.verdicts) == {Modality.TEXT} and c.labels == SETS["meld7"]]
    said = Counter(c.label for c in alone)
    assert said["neutral"] > 2 * said["anger"] > 0


def test_rows_know_the_labels_of_their_corpus() -> None:
    ids = {"ravdess/a.flac": "ravdess8", "emodb_full/a.flac": "emodb7", "fer2013:1": "fer7"}
    for name, label_set in ids.items():
        known = row("neutral", Modality.AUDIO, {"neutral": 1.0}).model_copy(update={"id": name})
        assert known.label_set == label_set


def test_emotions_take_the_names_of_the_set() -> None:
    names = naming(SETS["ravdess8"])
    assert names["happiness"] == "happy"
    assert names["fear"] == "fearful"
    assert naming(SETS["meld7"])["calm"] == "neutral"


def test_batches_keep_to_their_budget() -> None:
    rng = random.Random(0)
    examples = [Example([0] * rng.randint(1, 50), [], 0) for _ in range(200)]
    found = batches(examples, 200, rng)
    assert sorted(len(e.ids) for b in found for e in b) == sorted(len(e.ids) for e in examples)
    assert all(len(b) * max(len(e.ids) for e in b) <= 200 for b in found)


def accuracy(
    tokenizer: PreTrainedTokenizerFast, taught: list[TextItem], asked: list[TextItem]
) -> float:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        tie_word_embeddings=True,
    )
    model = LlamaForCausalLM(config)
    rng = random.Random(0)
    lessons = encode(tokenizer, [text_lesson(i, rng) for i in taught])
    schedule = Schedule(tokens=120_000, tokens_per_step=1500, rate=3e-3, embedding_rate=3e-3)
    train(model, itertools.repeat(lessons), schedule, {}, rng)
    model.eval()
    right = 0
    for example in encode(tokenizer, [text_lesson(i, rng) for i in asked]):
        with torch.inference_mode():
            logits = model(torch.tensor([example.ids[: example.label_at]])).logits[0, -1]
        right += int(logits.argmax()) == example.ids[example.label_at]
    return right / len(asked)


def test_a_planted_word_is_learned_and_shuffled_labels_are_not(
    tokenizer: PreTrainedTokenizerFast, items: list[TextItem]
) -> None:
    taught, asked = items[:450], items[450:]
    labels = [i.labels for i in taught]
    random.Random(3).shuffle(labels)
    shuffled = [replace(i, labels=other) for i, other in zip(taught, labels, strict=True)]
    assert accuracy(tokenizer, taught, asked) > 0.9
    assert accuracy(tokenizer, shuffled, asked) < 0.5
