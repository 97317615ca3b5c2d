"""Soft tokens in a CausalLM: the long way round, batches, other prompts beside them."""

import json
import math
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from jsonschema import validate
from soft_prompts import LABELS, mixed_prompts, sheet_of, soft_of, soft_prompt

from affect_llm.config import Settings
from affect_llm.errors import CapabilityError, PromptError
from affect_llm.fusion.slots import embed_prompts
from affect_llm.prompting.reason import reason_prompt
from affect_llm.reasoners.local.causal_lm import CausalLM
from affect_llm.reasoners.registry import open_reasoner
from affect_llm.reasoners.request import ask
from affect_llm.reasoners.tokens.slotted_chat import TokenPrompt, slotted_prompt
from affect_llm.store.shipped import shipped
from affect_llm.types import Prompt

sys.path.append(str(Path(__file__).parents[1] / "adapters"))
from tiny_adapter import long_base, make_adapter


@pytest.fixture(scope="module", params=["llama", "qwen2", "embedded"])
def reasoner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> CausalLM:
    folder = tmp_path_factory.mktemp(request.param)
    own = request.param == "embedded"
    base = Path(shipped("embedded")) if own else long_base(folder / "base", request.param)
    adapter = make_adapter(folder / "both", base, road="both", scale=0.02 if own else 0.3)
    opened = open_reasoner(
        Settings(
            reasoner="embedded" if own else "transformers",
            model=None if own else str(base),
            adapter=str(adapter),
            device="cpu",
        )
    )
    assert isinstance(opened, CausalLM)
    return opened


def width_of(reasoner: CausalLM) -> int:
    return int(reasoner.checkpoint.model.config.hidden_size)


def by_hand(reasoner: CausalLM, asked: Prompt) -> dict[str, float]:
    """Each whole label in one forward pass of its own, without cache or batch."""
    model = reasoner.checkpoint.model
    slotted = slotted_prompt(reasoner.checkpoint.tokenizer, asked)
    table = model.get_input_embeddings()
    vocabulary = reasoner.vocabulary
    quotes = torch.tensor(vocabulary.starting_with(b'"'))
    scores = {}
    with torch.inference_mode():
        asked_embeds = embed_prompts(table, [slotted], [asked.soft_tokens]).inputs_embeds
        for label in asked.labels:
            before = len(vocabulary.encode(asked.label_prefix))
            ids = torch.tensor([vocabulary.encode(asked.label_prefix + label)])
            logits = model(inputs_embeds=torch.cat([asked_embeds, table(ids)], dim=1)).logits[0]
            steps = logits[asked_embeds.shape[1] - 1 :].double().log_softmax(-1)
            inner = sum(float(steps[n, ids[0, n]]) for n in range(before, ids.shape[1]))
            scores[label] = inner + float(steps[-1, quotes].logsumexp(0))
    total = math.log(sum(math.exp(score) for score in scores.values()))
    return {label: score - total for label, score in scores.items()}


def test_label_probabilities_equal_the_long_way(reasoner: CausalLM) -> None:
    prompts = mixed_prompts(width_of(reasoner))
    for asked, done in zip(prompts, reasoner.complete(prompts, max_new_tokens=1), strict=True):
        assert done.label_logprobs == pytest.approx(by_hand(reasoner, asked), abs=2e-3)


def test_a_batch_answers_as_one_by_one(reasoner: CausalLM) -> None:
    prompts = mixed_prompts(width_of(reasoner))
    together = reasoner.complete(prompts, max_new_tokens=24)
    for asked, done in zip(prompts, together, strict=True):
        [alone] = reasoner.complete([asked], max_new_tokens=24)
        assert (alone.text, alone.usage, alone.finish) == (done.text, done.usage, done.finish)
        assert alone.label_logprobs == pytest.approx(done.label_logprobs, abs=1e-3)


def test_the_tokens_are_read(reasoner: CausalLM) -> None:
    first, *_, other = mixed_prompts(width_of(reasoner))
    assert first.messages == other.messages
    a, b = reasoner.complete([first, other], max_new_tokens=1)
    assert a.label_logprobs != pytest.approx(b.label_logprobs, abs=1e-3)
    assert a.usage.prompt_tokens == b.usage.prompt_tokens


def test_chosen_answers_follow_the_schema_and_cite_what_was_hidden(reasoner: CausalLM) -> None:
    soft = soft_of(width_of(reasoner), 5, voice=3, face=2)
    asked = soft_prompt("what a day", soft, "projected")
    [(question, done)] = ask(
        reasoner, [(asked, sheet_of("what a day"))], max_new_tokens=400, choosing=True
    )
    answer = json.loads(done.text)
    validate(answer, question.answer_schema)
    assert set(answer["modalities"]) == {"text", "audio", "visual"}
    assert {i for s in answer["explanation"] for i in s["cues"]} & {"F1", "V1"}
    assert "FACS" not in asked.messages[-1].content


def test_soft_tokens_count_towards_the_context(reasoner: CausalLM) -> None:
    width = width_of(reasoner)
    asked = soft_prompt("what a day", soft_of(width, 5, voice=3, face=2))
    slotted = slotted_prompt(reasoner.checkpoint.tokenizer, asked)
    [done] = reasoner.complete([asked], max_new_tokens=1)
    assert done.usage.prompt_tokens == len(slotted.ids) + 5
    room = reasoner.context_tokens - len(slotted.ids)
    long = replace(asked, soft_tokens=soft_of(width, 5, voice=room))
    assert TokenPrompt(slotted, long.soft_tokens).length == reasoner.context_tokens
    with pytest.raises(CapabilityError, match=f"has {reasoner.context_tokens} tokens"):
        reasoner.complete([long], max_new_tokens=1)


def test_without_a_projector_they_are_refused(reasoner: CausalLM) -> None:
    asked = soft_prompt("what a day", soft_of(width_of(reasoner), 5, voice=1))
    assert "soft_tokens" in reasoner.capabilities
    reasoner.use(None)
    try:
        assert "soft_tokens" not in reasoner.capabilities
        with pytest.raises(CapabilityError, match="only with an adapter that has a projector"):
            reasoner.complete([asked], max_new_tokens=1)
    finally:
        reasoner.use("both")


def test_tokens_that_fit_no_slot_or_no_model_are_refused(reasoner: CausalLM) -> None:
    width = width_of(reasoner)
    nowhere = replace(reason_prompt(sheet_of("x"), LABELS), soft_tokens=soft_of(width, 1, face=1))
    with pytest.raises(PromptError, match="soft tokens of 'face' and no slot"):
        reasoner.complete([nowhere], max_new_tokens=1)
    narrow = soft_prompt("x", soft_of(width // 2, 1, voice=1))
    with pytest.raises(PromptError, match="trained for another model"):
        reasoner.complete([narrow], max_new_tokens=1)


def test_the_embedded_frame_keeps_its_tokens(reasoner: CausalLM) -> None:
    if reasoner.name != "embedded":
        pytest.skip("its tokenizer alone holds the frame as single tokens")
    text = slotted_prompt(reasoner.checkpoint.tokenizer, reason_prompt(sheet_of("x"), LABELS))
    both = slotted_prompt(reasoner.checkpoint.tokenizer, soft_prompt("x", None))
    more = len(both.ids) - len(text.ids)
    assert 0 < more < 14
    assert [slot.track for slot in both.slots] == ["voice", "face"]
    assert text.ids[:3] == both.ids[:3]
    assert text.ids[-30:] == both.ids[-30:]
