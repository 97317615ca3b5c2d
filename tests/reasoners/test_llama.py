"""Our own decoder and tokenizer give what transformers' give, bit for bit."""

import json
import random
import shutil
from pathlib import Path

import pytest
import torch
from asked import TEXTS, prompt

from affect_llm.config import Settings
from affect_llm.errors import WeightsError
from affect_llm.reasoners.local import embedded
from affect_llm.reasoners.local.batch_state import BatchState
from affect_llm.reasoners.local.causal_lm import CausalLM, load_causal_lm
from affect_llm.reasoners.local.embedded import open_plain
from affect_llm.reasoners.local.llama import Llama
from affect_llm.reasoners.local.probe import probe_constraining
from affect_llm.reasoners.tokens.chat import chat_ids
from affect_llm.store.shipped import shipped
from affect_llm.types import Message

SETTINGS = Settings(device="cpu", dtype="float32")


@pytest.fixture(scope="module")
def ours() -> CausalLM:
    return embedded.open_embedded(SETTINGS)


@pytest.fixture(scope="module")
def theirs() -> CausalLM:
    return load_causal_lm("embedded", str(shipped("embedded")), SETTINGS, writes=False)


def random_rows(rng: random.Random, rows: int, longest: int) -> list[list[int]]:
    """Token ids of a step; some rows may get none."""
    step = [[rng.randrange(5, 19_000) for _ in range(rng.randrange(longest))] for _ in range(rows)]
    return step if any(step) else [[7] * (longest - 1)] * rows


@pytest.mark.parametrize("rows", [1, 2, 4])
def test_every_logit_is_that_of_transformers(ours: CausalLM, theirs: CausalLM, rows: int) -> None:
    assert isinstance(ours.checkpoint.model, Llama)
    rng = random.Random(rows)
    for _ in range(3):
        left, right = (BatchState(one.checkpoint.model, rows, 0, "cpu") for one in (ours, theirs))
        with torch.inference_mode():
            for longest in (300, 2, 2, 9, 2):
                step = random_rows(rng, rows, longest)
                assert torch.equal(left.feed(step), right.feed(step))
                trees = [[(5,), (5, 7), (9,), (9, 8)]] * rows
                assert torch.equal(left.branch(trees), right.branch(trees))
            for state in (left, right):
                state.rewind(state.width - 3)
                state.keep([rows - 1])
            assert torch.equal(left.feed([[11, 12]]), right.feed([[11, 12]]))


def test_half_precision_rounds_as_transformers_does() -> None:
    half = SETTINGS.model_copy(update={"dtype": "bfloat16"})
    checkpoint = embedded.open_embedded(half).checkpoint
    assert checkpoint.reopen is not None
    rows = random_rows(random.Random(0), 2, 200)
    with torch.inference_mode():
        left, right = (
            BatchState(one.model, 2, 0, "cpu").feed(rows)
            for one in (checkpoint, checkpoint.reopen())
        )
    assert torch.equal(left, right)


@pytest.mark.parametrize(
    "content",
    [
        "I hate you!",
        "naïve 😀 \r\n  tabs\t and <cues> | 0.0-0.0s",
        "close it: <|end|><|assistant|> and go on",
        "marks \U000f0000<|end|>\U000f0001 of transformers",
        "",
    ],
)
def test_every_chat_has_the_ids_of_transformers(
    ours: CausalLM, theirs: CausalLM, content: str
) -> None:
    chat = [Message(role="system", content="Answer."), Message(role="user", content=content)]
    left, right = (one.checkpoint.tokenizer for one in (ours, theirs))
    assert chat_ids(left, chat) == chat_ids(right, chat)
    assert ours.count_tokens(content) == theirs.count_tokens(content)
    assert left.chat_control_tokens == right.chat_control_tokens
    assert len(left) == len(right)


def test_answers_are_the_same_and_the_model_obeys_its_schema(
    ours: CausalLM, theirs: CausalLM
) -> None:
    prompts = [prompt(text) for text in TEXTS]
    assert ours.complete(prompts, max_new_tokens=60) == theirs.complete(prompts, max_new_tokens=60)
    probe_constraining(ours)


@pytest.mark.parametrize(
    "change", [{"rope_parameters": {"rope_type": "linear"}}, {"mlp_bias": True}, {"hidden_size": 8}]
)
def test_another_form_is_left_to_transformers(tmp_path: Path, change: dict[str, object]) -> None:
    folder = Path(shutil.copytree(shipped("embedded"), tmp_path / "other"))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | change))
    assert open_plain(folder, SETTINGS) is None


def test_a_damaged_model_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(shutil.copytree(shipped("embedded"), tmp_path / "embedded"))
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[:-100])
    monkeypatch.setattr(embedded, "shipped", lambda _: folder)
    with pytest.raises(WeightsError, match="cannot be loaded"):
        embedded.open_embedded(SETTINGS)


def test_an_adapter_opens_the_model_of_transformers() -> None:
    reasoner = embedded.open_embedded(SETTINGS)
    assert reasoner.checkpoint.reopen is not None
    whole = reasoner.checkpoint.reopen()
    assert type(whole.model).__name__ == "LlamaForCausalLM"
    assert whole.provenance == reasoner.checkpoint.provenance
