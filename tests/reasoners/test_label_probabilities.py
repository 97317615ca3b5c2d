"""Label scores against a plain forward pass over each whole answer, without cache or batch."""

import math
from pathlib import Path

import pytest
import torch
from asked import LABELS, PREFIX, TEXTS, prompt, settings_for
from tiny_llm import save_checkpoint

from affect_llm.reasoners.local.causal_lm import CausalLM, open_causal_lm
from affect_llm.reasoners.tokens.chat import chat_ids
from affect_llm.reasoners.tokens.label_paths import label_paths
from affect_llm.types import Prompt


def by_hand(reasoner: CausalLM, asked: Prompt) -> dict[str, float]:
    tokenizer, model = reasoner.checkpoint.tokenizer, reasoner.checkpoint.model
    spelt = [tokenizer.decode([i]) for i in range(len(tokenizer))]
    quotes = [i for i, text in enumerate(spelt) if text.startswith('"')]
    chat = chat_ids(tokenizer, asked.messages)
    scores = {}
    for label in asked.labels:
        before = tokenizer.encode(PREFIX, add_special_tokens=False)
        whole = tokenizer.encode(PREFIX + label, add_special_tokens=False)
        with torch.inference_mode():
            logits = model(torch.tensor([chat + whole])).logits[0].double().log_softmax(-1)
        path = list(enumerate(whole[len(before) :], start=len(chat) + len(before)))
        inner = sum(float(logits[at - 1, token]) for at, token in path)
        scores[label] = inner + float(logits[-1, quotes].logsumexp(0))
    total = math.log(sum(math.exp(score) for score in scores.values()))
    return {label: score - total for label, score in scores.items()}


@pytest.mark.parametrize("family", ["qwen", "llama"])
def test_probabilities_equal_the_long_way(family: str, request: pytest.FixtureRequest) -> None:
    reasoner: CausalLM = request.getfixturevalue(family)
    prompts = [prompt(text) for text in TEXTS]
    for asked, done in zip(prompts, reasoner.complete(prompts, max_new_tokens=20), strict=True):
        assert done.label_logprobs == pytest.approx(by_hand(reasoner, asked), abs=1e-3)


def test_they_sum_to_one_and_the_answer_carries_the_first(qwen: CausalLM) -> None:
    for done in qwen.complete([prompt(text) for text in TEXTS], max_new_tokens=60):
        assert done.label_logprobs is not None
        assert sum(map(math.exp, done.label_logprobs.values())) == pytest.approx(1)
        top = max(done.label_logprobs, key=done.label_logprobs.__getitem__)
        assert done.text.startswith(f'{PREFIX}{top}"')


def test_rows_may_ask_for_different_sets_or_none(qwen: CausalLM) -> None:
    prompts = [
        prompt(TEXTS[0], labels=("fear", "anger")),
        prompt(TEXTS[1], labels=()),
        prompt(TEXTS[2]),
    ]
    prompts[1] = Prompt(id="free", version=1, messages=prompts[1].messages)
    together = qwen.complete(prompts, max_new_tokens=40)
    assert together[0].label_logprobs == pytest.approx(by_hand(qwen, prompts[0]), abs=1e-3)
    assert together[1].label_logprobs is None
    assert set(together[2].label_logprobs or ()) == set(LABELS)


def test_the_closing_quote_may_merge_with_what_follows(qwen: CausalLM) -> None:
    paths = label_paths(qwen.vocabulary, prompt("x"))
    assert paths is not None
    closing = {qwen.vocabulary.decode([token]) for token in paths.closers["joy"]}
    assert {'"', '","'} <= closing
    assert all(text.startswith('"') for text in closing)
    assert paths.paths["joyful"][: len(paths.paths["joy"])] == paths.paths["joy"]


def test_a_tokenizer_that_merges_across_quotes(tmp_path: Path) -> None:
    folder = save_checkpoint(tmp_path / "merged", split=False)
    reasoner = open_causal_lm(settings_for(folder))
    [done] = reasoner.complete([prompt("F1 a smile")], max_new_tokens=60)
    assert done.label_logprobs is not None
    assert sum(map(math.exp, done.label_logprobs.values())) == pytest.approx(1)
    top = max(done.label_logprobs, key=done.label_logprobs.__getitem__)
    assert done.text.startswith(f'{PREFIX}{top}"')
