"""Training at toy size: a planted signal is learned, shuffled labels are not."""

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from embedded_kit import SIGNS, bank_row, material, planted_texts, text_item
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from affect_llm.labels.sets import SETS
from affect_llm.prompting.reason import reason_prompt
from affect_llm.reasoners.tokens.chat import chat_ids
from affect_llm.training.loop.batches import Example, Steps, batch_of
from affect_llm.training.loop.plan import plan_by_length
from affect_llm.types import Modality
from workshop.embedded.compose import naming
from workshop.embedded.corpora import TextItem
from workshop.embedded.draws import Drawn
from workshop.embedded.examples import (
    clip_lesson,
    encode,
    rendered,
    text_lesson,
    text_sheet,
)
from workshop.embedded.model import PretrainingModel
from workshop.embedded.pretrainer import PretrainingStage, pretrain
from workshop.embedded.settings import PretrainingSettings
from workshop.embedded.tokenizer import fixed_strings, train_tokenizer


@pytest.fixture(scope="module")
def items() -> list[TextItem]:
    return planted_texts(600)


@pytest.fixture(scope="module")
def tokenizer(items: list[TextItem]) -> PreTrainedTokenizerFast:
    return train_tokenizer([i.text for i in items])


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
    clip = material(items).composer().draw(rng)
    lessons = [text_lesson(items[0], rng), clip_lesson(clip, rng)]
    for lesson, example in zip(lessons, encode(tokenizer, lessons), strict=True):
        learned = [i for i, weight in enumerate(example.weights) if weight]
        ids = example.prompt.ids
        assert learned == list(range(example.begins, len(ids)))
        assert tokenizer.decode(ids[example.begins]).startswith(lesson.label[:2])
    assert lessons[1].answer.endswith("}<|end|>")


def test_composed_clips_name_the_conflict_they_were_made_with(items: list[TextItem]) -> None:
    rng, made = random.Random(2), material(items).composer()
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
    skewed = [text_item(sign, label) for label, sign in SIGNS.items()]
    skewed += [text_item("grey", "neutral")] * 40
    rng, made = random.Random(4), material(skewed).composer()
    clips = [made.draw(rng) for _ in range(2000)]
    alone = [c for c in clips if set(c.verdicts) == {Modality.TEXT} and c.labels == SETS["meld7"]]
    said = Counter(c.label for c in alone)
    assert said["neutral"] > 2 * said["anger"] > 0


def test_rows_know_the_labels_of_their_corpus() -> None:
    ids = {"ravdess/a.flac": "ravdess8", "emodb_full/a.flac": "emodb7", "fer2013:1": "fer7"}
    for name, label_set in ids.items():
        known = bank_row("neutral", Modality.AUDIO, {"neutral": 1.0}).model_copy(
            update={"id": name}
        )
        assert known.label_set == label_set


def test_emotions_take_the_names_of_the_set() -> None:
    names = naming(SETS["ravdess8"])
    assert names["happiness"] == "happy"
    assert names["fear"] == "fearful"
    assert naming(SETS["meld7"])["calm"] == "neutral"


def clips_of(
    tokenizer: PreTrainedTokenizerFast, items: list[TextItem], epoch: int
) -> list[Example]:
    rng, made = random.Random(epoch), material(items).composer()
    return encode(tokenizer, [clip_lesson(made.draw(rng), rng) for _ in range(120)])


def test_epochs_that_are_drawn_anew_fit_the_steps_of_the_first(
    tokenizer: PreTrainedTokenizerFast, items: list[TextItem]
) -> None:
    drawn = Drawn(lambda epoch: clips_of(tokenizer, items, epoch), 1.0, 0)
    steps = Steps(plan_by_length(drawn.lengths, 2000), drawn, 0)
    seen = []
    for epoch in (0, 3):
        steps.set_epoch(epoch)
        batches = [steps[n] for n in range(len(steps))]
        seen.append(sorted(e.prompt.ids for batch in batches for e in batch.examples))
        assert seen[-1] == sorted(e.prompt.ids for e in clips_of(tokenizer, items, epoch))
        for batch in batches:
            longest = max(len(e.prompt.ids) for e in batch.examples)
            assert longest * len(batch.examples) < 1.2 * 2000 or len(batch.examples) == 1
    assert seen[0] != seen[1]


def test_a_share_of_the_plain_tokens_is_learned_and_what_decides_the_label_always(
    tokenizer: PreTrainedTokenizerFast, items: list[TextItem]
) -> None:
    whole = Drawn(lambda epoch: clips_of(tokenizer, items, 0), 1.0, 0)
    some = Drawn(lambda epoch: clips_of(tokenizer, items, 0), 0.4, 0)
    plain, kept = 0, 0
    for index in range(len(whole.lengths)):
        before, after = whole(index, 0).weights, some(index, 0).weights
        assert some(index, 0).weights == after
        assert all(b == a for b, a in zip(before, after, strict=True) if b > 1)
        assert all(a in (0.0, b) for b, a in zip(before, after, strict=True))
        plain += sum(b == 1 for b in before)
        kept += sum(a == 1 for a in after)
    assert kept / plain == pytest.approx(0.4, abs=0.03)
    assert some(5, 0).weights != some(5, 1).weights


def tiny_llm(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        tie_word_embeddings=True,
    )
    return LlamaForCausalLM(config)


def test_the_loss_is_a_weighted_mean_and_the_teacher_s_mean_distance(
    tokenizer: PreTrainedTokenizerFast, items: list[TextItem]
) -> None:
    rng = random.Random(0)
    examples = encode(tokenizer, [text_lesson(items[n], rng) for n in range(3)])
    llm = tiny_llm(tokenizer).eval()
    targets = {items[n].text: torch.randn(5) for n in range(2)}
    model = PretrainingModel(llm, targets, meaning=0.5).eval()
    batch = batch_of(examples)
    losses, distances = [], []
    with torch.no_grad():
        for example in examples:
            ids = torch.tensor([example.prompt.ids])
            output = llm(ids, output_hidden_states=True)
            scores = output.logits[0, :-1].log_softmax(-1)
            learned = scores[torch.arange(ids.shape[1] - 1), ids[0, 1:]]
            losses.append(-(learned * torch.tensor(example.weights[1:])).sum())
            if example.key in targets:
                assert model.head is not None
                said = model.head.project(output.hidden_states[-1][0, example.begins - 1])
                distances.append(1 - torch.cosine_similarity(said, targets[example.key], dim=0))
        wanted = sum(losses) / batch.learned + 0.5 * sum(distances) / 2
        torch.testing.assert_close(model(batch) / batch.learned, wanted)


def accuracy(
    tokenizer: PreTrainedTokenizerFast,
    taught: list[TextItem],
    asked: list[TextItem],
    folder: Path,
) -> float:
    llm = tiny_llm(tokenizer)
    rng = random.Random(0)
    lessons = encode(tokenizer, [text_lesson(i, rng) for i in taught])
    settings = PretrainingSettings(step_tokens=1500, embedding_rate=3e-3)
    model = PretrainingModel(llm, {}, embedding_dropout=0.1)
    pretrain(model, PretrainingStage("toy", lambda epoch: lessons, 120_000, 3e-3), settings, folder)
    llm.eval()
    right = 0
    for example in encode(tokenizer, [text_lesson(i, rng) for i in asked]):
        with torch.inference_mode():
            logits = llm(torch.tensor([example.prompt.ids[: example.begins]])).logits[0, -1]
        right += int(logits.argmax()) == example.prompt.ids[example.begins]
    return right / len(asked)


def test_a_planted_word_is_learned_and_shuffled_labels_are_not(
    tokenizer: PreTrainedTokenizerFast, items: list[TextItem], tmp_path: Path
) -> None:
    taught, asked = items[:450], items[450:]
    labels = [i.labels for i in taught]
    random.Random(3).shuffle(labels)
    shuffled = [replace(i, labels=other) for i, other in zip(taught, labels, strict=True)]
    assert accuracy(tokenizer, taught, asked, tmp_path / "taught") > 0.9
    assert accuracy(tokenizer, shuffled, asked, tmp_path / "shuffled") < 0.5
