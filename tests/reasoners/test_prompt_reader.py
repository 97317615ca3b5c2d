"""What was read of a prompt is used again, and only where the model would read the same."""

from pathlib import Path

import pytest
from asked import TEXTS, prompt, settings_for
from soft_prompts import LABELS, sheet_of, soft_of, soft_prompt

from affect_llm.prompting.reason import reason_prompt
from affect_llm.reasoners.local.batch_state import BatchState
from affect_llm.reasoners.local.causal_lm import CausalLM, open_causal_lm
from affect_llm.reasoners.local.embedded import open_embedded
from affect_llm.reasoners.local.prompt_reader import PromptReader
from affect_llm.reasoners.request import ask
from affect_llm.types import Completion, Prompt

PROMPTS = [prompt(text) for text in TEXTS[:3]]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Prompts in each batch that is read anew."""
    sizes: list[int] = []
    feed = BatchState.feed_prompts

    def counted(self: BatchState, prompts: list[object], soft: list[object]) -> object:
        sizes.append(len(prompts))
        return feed(self, prompts, soft)  # type: ignore[arg-type]

    monkeypatch.setattr(BatchState, "feed_prompts", counted)
    return sizes


@pytest.fixture
def reasoner(llama_folder: Path) -> CausalLM:
    return open_causal_lm(settings_for(llama_folder))


def fresh(reasoner: CausalLM, prompts: list[Prompt]) -> list[Completion]:
    """Answers of a reasoner that remembers nothing."""
    reasoner._reader.forget()
    return reasoner.complete(prompts, max_new_tokens=20)


def test_the_same_prompts_are_read_once_and_answered_bit_for_bit_the_same(
    reasoner: CausalLM, read: list[int]
) -> None:
    first = fresh(reasoner, PROMPTS)
    assert reasoner.complete(PROMPTS, max_new_tokens=20) == first
    assert read == [3]


def test_some_of_them_in_another_order_are_not_read_again(
    reasoner: CausalLM, read: list[int]
) -> None:
    first = fresh(reasoner, PROMPTS)
    again = reasoner.complete([PROMPTS[2], PROMPTS[0]], max_new_tokens=20)
    assert [done.text for done in again] == [first[2].text, first[0].text]
    for done, before in zip(again, (first[2], first[0]), strict=True):
        assert done.label_logprobs == pytest.approx(before.label_logprobs, abs=1e-4)
    assert read == [3]


def test_another_prompt_among_them_has_all_read_anew(reasoner: CausalLM, read: list[int]) -> None:
    fresh(reasoner, PROMPTS)
    others = [*PROMPTS[:2], prompt(TEXTS[3])]
    done = reasoner.complete(others, max_new_tokens=20)
    assert read == [3, 3]
    assert done == fresh(reasoner, others)


def test_other_soft_tokens_under_the_same_words_are_read(
    reasoner: CausalLM, monkeypatch: pytest.MonkeyPatch, read: list[int]
) -> None:
    monkeypatch.setattr(
        reasoner, "capabilities", reasoner.capabilities | {"soft_tokens"}, raising=True
    )
    one, two = (soft_prompt("no", soft_of(64, seed, voice=2)) for seed in (1, 2))
    assert one.messages == two.messages
    first = reasoner.complete([one], max_new_tokens=1)[0].label_logprobs
    assert reasoner.complete([two], max_new_tokens=1)[0].label_logprobs != first
    assert reasoner.complete([two], max_new_tokens=1)[0].label_logprobs != first
    assert read == [1, 1]


def test_a_switched_adapter_reads_for_itself(reasoner: CausalLM, read: list[int]) -> None:
    fresh(reasoner, PROMPTS)
    reasoner.use(None)
    reasoner.complete(PROMPTS, max_new_tokens=20)
    assert read == [3, 3]


def test_an_answer_in_steps_reads_each_batch_once(read: list[int]) -> None:
    reasoner = open_embedded(settings_for(Path()).model_copy(update={"batch_size": 2}))
    read.clear()
    sheets = [sheet_of(words) for words in ("I am so happy", "no, not again", "leave me alone")]
    questions = [(reason_prompt(sheet, LABELS), sheet) for sheet in sheets]
    answered = ask(reasoner, questions, max_new_tokens=400)
    assert read == [2, 1]
    assert all('"explanation":[{' in said.text for _, said in answered)


def test_who_reads_while_another_still_answers_gets_a_state_of_their_own(
    reasoner: CausalLM,
) -> None:
    prompts = [reasoner._tokens(asked) for asked in PROMPTS]
    reader = PromptReader(reasoner.checkpoint, reasoner.vocabulary.eos_ids[0])
    first = reader.read(prompts)
    reader.hold(first)
    assert reader.read(prompts).state is first.state
    assert reader.read(prompts).state is not first.state
