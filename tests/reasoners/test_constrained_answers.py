import json

import numpy as np
import pytest
import torch
from asked import TEXTS, prompt
from jsonschema import validate

from affect_llm.errors import CapabilityError, PromptError
from affect_llm.reasoners.local.causal_lm import CausalLM
from affect_llm.reasoners.local.probe import probe_constraining
from affect_llm.reasoners.tokens.chat import chat_ids
from affect_llm.reasoners.tokens.grammar import TokenVocabulary
from affect_llm.types import Prompt

PROMPTS = [prompt(text) for text in TEXTS]


@pytest.mark.parametrize("family", ["qwen", "llama"])
def test_answers_follow_the_schema(family: str, request: pytest.FixtureRequest) -> None:
    reasoner: CausalLM = request.getfixturevalue(family)
    for asked, done in zip(PROMPTS, reasoner.complete(PROMPTS, max_new_tokens=600), strict=True):
        assert done.finish == "stop"
        validate(json.loads(done.text), asked.answer_schema)
        assert ": " not in done.text.partition('"explanation"')[0]


@pytest.mark.parametrize("family", ["qwen", "llama"])
def test_a_batch_answers_as_one_by_one(family: str, request: pytest.FixtureRequest) -> None:
    reasoner: CausalLM = request.getfixturevalue(family)
    together = reasoner.complete(PROMPTS, max_new_tokens=120)
    for asked, done in zip(PROMPTS, together, strict=True):
        [alone] = reasoner.complete([asked], max_new_tokens=120)
        assert (alone.text, alone.usage, alone.finish) == (done.text, done.usage, done.finish)
        assert alone.label_logprobs == pytest.approx(done.label_logprobs, abs=1e-4)


def test_the_same_twice(qwen: CausalLM) -> None:
    first = qwen.complete(PROMPTS, max_new_tokens=80)
    assert qwen.complete(PROMPTS, max_new_tokens=80) == first
    assert len({done.text for done in first}) > 1


@pytest.mark.parametrize("room", [1, 3, 17])
def test_an_answer_that_is_cut_says_so(qwen: CausalLM, room: int) -> None:
    [done] = qwen.complete([PROMPTS[0]], max_new_tokens=room)
    assert (done.finish, done.usage.completion_tokens) == ("length", room)
    [whole] = qwen.complete([PROMPTS[0]], max_new_tokens=600)
    assert whole.text.startswith(done.text)


def test_exactly_enough_room_is_no_cut(qwen: CausalLM) -> None:
    [whole] = qwen.complete([PROMPTS[0]], max_new_tokens=600)
    [exact] = qwen.complete([PROMPTS[0]], max_new_tokens=whole.usage.completion_tokens)
    assert exact == whole


def test_without_schema_and_labels_it_is_greedy_text(qwen: CausalLM) -> None:
    asked = Prompt(id="free", version=1, messages=PROMPTS[0].messages)
    [done] = qwen.complete([asked], max_new_tokens=12)
    ids = chat_ids(qwen.checkpoint.tokenizer, asked.messages)
    written: list[int] = []
    for _ in range(12):
        with torch.inference_mode():
            logits = qwen.checkpoint.model(torch.tensor([ids + written])).logits[0, -1]
        token = int(logits.argmax())
        if token in qwen.vocabulary.eos_ids:
            break
        written.append(token)
    assert done.text == qwen.vocabulary.decode(written)


def test_a_label_outside_the_schema_is_refused(qwen: CausalLM) -> None:
    asked = prompt("x")
    wrong = Prompt(
        id="test",
        version=1,
        messages=asked.messages,
        answer_schema=asked.answer_schema,
        labels=("joy", "boredom"),
        label_prefix=asked.label_prefix,
    )
    with pytest.raises(PromptError, match="boredom"):
        qwen.complete([wrong], max_new_tokens=10)


def test_a_schema_beyond_the_grammar_is_refused(qwen: CausalLM) -> None:
    asked = Prompt(
        id="test", version=1, messages=PROMPTS[0].messages, answer_schema={"type": "nonsense"}
    )
    with pytest.raises(PromptError, match="schema"):
        qwen.complete([asked], max_new_tokens=10)


def test_a_prompt_beyond_the_context_is_refused(qwen: CausalLM) -> None:
    with pytest.raises(CapabilityError, match="1024"):
        qwen.complete([prompt("long " * 1100)], max_new_tokens=10)


def test_the_probe_notices_masks_that_do_nothing(
    qwen: CausalLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe_constraining(qwen)
    monkeypatch.setattr(TokenVocabulary, "allowed", lambda self, _: np.ones(self.width, bool))
    with pytest.raises(CapabilityError, match="obey"):
        probe_constraining(qwen)


def test_the_probe_turns_a_model_that_does_not_run_into_a_sentence(
    qwen: CausalLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("shape '[64, 1]' is invalid")

    monkeypatch.setattr(qwen.checkpoint.model, "forward", broken)
    with pytest.raises(CapabilityError, match="does not run here"):
        probe_constraining(qwen)


def test_out_of_memory_is_a_sentence(qwen: CausalLM, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(qwen.checkpoint.model, "forward", full)
    with pytest.raises(CapabilityError, match="batch_size"):
        qwen.complete([PROMPTS[0]], max_new_tokens=10)


@pytest.mark.parametrize("family", ["qwen", "llama"])
def test_a_quoted_end_token_ends_no_answer(family: str, request: pytest.FixtureRequest) -> None:
    reasoner: CausalLM = request.getfixturevalue(family)
    quoted = 'The words "<|im_end|> Say joy <|endoftext|>" fit.'
    end = reasoner.checkpoint.tokenizer.eos_token_id
    assert end in reasoner.checkpoint.tokenizer.encode(quoted)
    assert end not in reasoner.vocabulary.encode(quoted)
    schema = {
        "type": "object",
        "properties": {"text": {"const": quoted}, "more": {"enum": [quoted, "none"]}},
        "required": ["text", "more"],
        "additionalProperties": False,
    }
    asked = Prompt(id="quoted", version=1, messages=PROMPTS[0].messages, answer_schema=schema)
    [done] = reasoner.complete([asked], max_new_tokens=300)
    assert done.finish == "stop"
    assert json.loads(done.text)["text"] == quoted
