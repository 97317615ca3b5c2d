"""A real vLLM serves the embedded model; its answers are those of the in-process reasoner."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from jsonschema import validate
from running_vllm import RunningVllm
from served_pairs import in_process, served
from sheets_served import SHEETS
from soft_prompts import soft_of, soft_prompt
from taught import LABELS

from affect_llm.config import ServerSettings, Settings
from affect_llm.errors import ConfigError, WeightsError
from affect_llm.prompting.reason import reason_prompt
from affect_llm.prompting.schema import LABEL_PREFIX
from affect_llm.reasoners.request import ask
from affect_llm.reasoners.served.lm import ServedLM
from affect_llm.reasoners.served.openai import open_openai
from affect_llm.types import Completion, Prompt

pytestmark = pytest.mark.timeout(900)
QUESTIONS = [(reason_prompt(sheet, LABELS), sheet) for sheet in SHEETS]
PROMPTS = [prompt for prompt, _ in QUESTIONS]
FEAR = f"{LABEL_PREFIX}fear"


def say(capsys: pytest.CaptureFixture[str], words: str) -> None:
    with capsys.disabled():
        print(f"\n  {words}", end=" ", flush=True)


def _logprobs(done: Completion) -> dict[str, float]:
    return done.label_logprobs or {}


def furthest(one: Sequence[Completion], two: Sequence[Completion]) -> float:
    """The largest difference of a label's log probability."""
    pairs = [
        (a.label_logprobs or {}, b.label_logprobs or {}) for a, b in zip(one, two, strict=True)
    ]
    assert all(a and set(a) == set(b) for a, b in pairs)
    return max(abs(a[label] - b[label]) for a, b in pairs for label in a)


def same_texts(one: Sequence[Completion], two: Sequence[Completion]) -> int:
    return sum(a.text == b.text for a, b in zip(one, two, strict=True))


def writing(reasoner: ServedLM) -> ServedLM:
    """The same reasoner, as a large model is asked: the whole answer at one go."""
    reasoner.capabilities |= {"writes"}
    return reasoner


def test_greedy_answers_and_label_probabilities_are_the_same(
    server: RunningVllm, capsys: pytest.CaptureFixture[str]
) -> None:
    own = [said for _, said in ask(in_process(), QUESTIONS, max_new_tokens=400)]
    told = [said for _, said in ask(served(server), QUESTIONS, max_new_tokens=400)]
    far = furthest(own, told)
    say(capsys, f"same answers: {same_texts(own, told)} of {len(own)}; log p within {far:.1e}")
    assert same_texts(own, told) == len(own)
    assert far < 1e-3
    assert [a.usage for a in own] == [b.usage for b in told]


def test_answers_written_at_one_go_keep_the_schema(
    server: RunningVllm, capsys: pytest.CaptureFixture[str]
) -> None:
    own = in_process().complete(PROMPTS, max_new_tokens=400)
    told = writing(served(server)).complete(PROMPTS, max_new_tokens=400)
    whole = [done for done in told if done.finish == "stop"]
    for prompt, done in zip(PROMPTS, told, strict=True):
        if done.finish == "stop":
            validate(json.loads(done.text), prompt.answer_schema)
    say(
        capsys,
        f"at one go: {len(whole)} of {len(told)} kept the schema; same text as the masked "
        f"in-process answer: {same_texts(own, told)} of {len(own)}",
    )
    assert len(whole) == len(told)
    assert same_texts(own, told) >= len(own) * 3 // 4
    assert furthest(own, told) < 1e-3


def test_a_taught_lora_changes_the_answers_to_those_of_peft(
    server: RunningVllm, adapters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adapter, few = adapters / "taught", QUESTIONS[:8]
    plain = served(server).complete(PROMPTS[:8], max_new_tokens=60)
    own = [said for _, said in ask(in_process(adapter), few, max_new_tokens=400)]
    told = [said for _, said in ask(served(server, adapter), few, max_new_tokens=400)]
    before, after = (sum(said.text.startswith(FEAR) for said in done) for done in (plain, told))
    say(capsys, f"LoRA: 'fear' {before} times without, {after} times with it, of {len(few)}")
    assert same_texts(own, told) == len(few)
    assert furthest(own, told) < 1e-3
    assert after > before + len(few) // 2


@pytest.mark.parametrize("name", ["seen", "unseen"])
def test_soft_tokens_say_the_same_as_in_process(
    name: str, server: RunningVllm, adapters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`seen` is a LoRA and soft tokens in one request, `unseen` soft tokens alone."""
    own, told = in_process(adapters / name), served(server, adapters / name)
    prompts = [
        *(soft_prompt("no", soft_of(384, seed, voice=3, face=2)) for seed in (1, 2)),
        soft_prompt("what a day", soft_of(384, 3, voice=1), "projected"),
        PROMPTS[0],
    ]
    one = own.complete(prompts, max_new_tokens=12)
    two = told.complete(prompts, max_new_tokens=12)
    say(capsys, f"soft tokens, {name}: log p within {furthest(one, two):.1e}")
    assert furthest(one, two) < 1e-3
    assert same_texts(one, two) == len(prompts)
    assert furthest(two[:1], two[1:2]) > 1e-2


def test_ids_and_embeddings_at_once_do_not_stop_the_server(
    server: RunningVllm, adapters: Path
) -> None:
    reasoners = [served(server, adapters / name) for name in ("seen", "unseen", "taught")]
    soft = [soft_prompt("no", soft_of(384, seed, voice=3, face=2)) for seed in range(3)]
    asked: list[list[Prompt]] = [soft, soft, PROMPTS[:3]]
    with ThreadPoolExecutor(3) as pool:
        work = [
            pool.submit(writing(reasoner).complete, prompts, max_new_tokens=24)
            for reasoner, prompts in zip(reasoners, asked, strict=True)
        ]
        assert all(len(done.result()) == 3 for done in work)


def test_the_openai_reasoner_on_the_same_server(
    server: RunningVllm, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ServerSettings(url=server.url)
    base = served(server).tokens.folder
    reasoner = open_openai(Settings(reasoner="openai", model=str(base), server=at))
    assert reasoner.capabilities == {"writes", "constrained"}
    told = reasoner.complete(PROMPTS[:6], max_new_tokens=400)
    exact = in_process().complete(PROMPTS[:6], max_new_tokens=1)
    known = [(a, b) for a, b in zip(told, exact, strict=True) if a.label_logprobs is not None]
    say(capsys, f"openai: {len(known)} of {len(told)} answers with label probabilities")
    for prompt, done in zip(PROMPTS, told, strict=False):
        if done.finish == "stop":
            validate(json.loads(done.text), prompt.answer_schema)
    for a, b in known:
        top = max(b.label_logprobs or {}, key=(b.label_logprobs or {}).__getitem__)
        assert (a.label_logprobs or {})[top] == pytest.approx(
            (b.label_logprobs or {})[top], abs=0.1
        )


def test_wrong_names_are_sentences(server: RunningVllm, adapters: Path, tmp_path: Path) -> None:
    at = ServerSettings(url=server.url)
    with pytest.raises(ConfigError, match="Near"):
        open_openai(Settings(reasoner="openai", model="embeded", server=at))
    with pytest.raises(WeightsError, match="no adapter"):
        served(server, tmp_path)
