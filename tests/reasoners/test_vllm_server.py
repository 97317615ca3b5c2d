"""The `vllm` reasoner equals the in-process one on the same checkpoint, adapter and prompts."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from asked import LABELS, PREFIX, TEXTS, prompt
from fake_server import Asked, FakeServer, Reply, error
from fake_vllm import FakeVllm
from jsonschema import validate
from soft_prompts import sheet_of, soft_of, soft_prompt

from affect_llm.config import ServerSettings, Settings
from affect_llm.errors import CapabilityError, ConfigError, PromptError, ServerError, WeightsError
from affect_llm.prompting.reason import reason_prompt
from affect_llm.reasoners.local.causal_lm import CausalLM, open_causal_lm
from affect_llm.reasoners.request import ask
from affect_llm.reasoners.served.lm import ServedLM
from affect_llm.reasoners.served.vllm_server import open_vllm_server
from affect_llm.types import Completion, Prompt

sys.path.append(str(Path(__file__).parents[1] / "adapters"))
from tiny_adapter import long_base, make_adapter

PROMPTS = [prompt(text) for text in TEXTS[:3]]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return long_base(tmp_path_factory.mktemp("served") / "tiny", "llama")


@pytest.fixture(scope="module")
def adapters(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adapters")
    make_adapter(folder / "spoken", base, temperature=2.0)
    make_adapter(folder / "seen", base, road="both")
    return folder


def in_process(base: Path, adapter: Path | None = None) -> CausalLM:
    at = None if adapter is None else str(adapter)
    return open_causal_lm(
        Settings(reasoner="transformers", model=str(base), adapter=at, device="cpu")
    )


@pytest.fixture(scope="module")
def fake(base: Path, adapters: Path) -> FakeVllm:
    modules = {name: in_process(base, adapters / name) for name in ("spoken", "seen")}
    return FakeVllm(in_process(base), base, modules)


@pytest.fixture
def server(fake: FakeVllm) -> Iterator[FakeServer]:
    with FakeServer(fake) as running:
        yield running


def opened(server: FakeServer, *, writes: bool = True, **given: object) -> ServedLM:
    """The reasoner; without `writes` it chooses its sentences, as the embedded model does."""
    at = ServerSettings(url=server.url, retries=0, concurrency=2)
    reasoner = open_vllm_server(Settings.model_validate({"server": at, **given}))
    if not writes:
        reasoner.capabilities -= {"writes"}
    return reasoner


def same(one: list[Completion], two: list[Completion]) -> None:
    for a, b in zip(one, two, strict=True):
        assert (a.text, a.usage, a.finish, a.model) == (b.text, b.usage, b.finish, b.model)
        assert a.label_logprobs == pytest.approx(b.label_logprobs, abs=1e-4)


@pytest.mark.parametrize("room", [1, 48])
def test_it_says_what_the_in_process_one_says(
    server: FakeServer, fake: FakeVllm, room: int
) -> None:
    served = opened(server, writes=False)
    expected = fake.models["base"].complete(PROMPTS, max_new_tokens=room)
    same(served.complete(PROMPTS, max_new_tokens=room), expected)


def test_an_answer_is_one_request_after_its_labels_are_scored(server: FakeServer) -> None:
    served = opened(server, writes=False)
    before = len(server.posts())
    [done] = served.complete([PROMPTS[0]], max_new_tokens=120)
    posts = server.posts()[before:]
    assert [b["max_tokens"] for b in posts if "logprob_token_ids" not in b] == [120]
    assert all("logprob_token_ids" in b and b["max_tokens"] == 1 for b in posts[:-1])
    assert 1 < len(posts) < done.usage.completion_tokens


def test_the_two_steps_of_a_model_that_chooses(server: FakeServer, fake: FakeVllm) -> None:
    questions = [(reason_prompt(sheet_of(t), LABELS), sheet_of(t)) for t in ("no",)]
    served = opened(server, writes=False)
    same(
        [a for _, a in ask(served, questions, max_new_tokens=300, choosing=True)],
        [a for _, a in ask(fake.models["base"], questions, max_new_tokens=300, choosing=True)],
    )


def test_written_at_one_go_it_keeps_the_schema_and_the_best_label(
    server: FakeServer, fake: FakeVllm
) -> None:
    served = opened(server)
    assert served.capabilities == {"writes", "label_logprobs", "constrained"}
    expected = fake.models["base"].complete(PROMPTS[:1], max_new_tokens=500)
    for one, two in zip(served.complete(PROMPTS[:1], max_new_tokens=500), expected, strict=True):
        validate(json.loads(one.text), PROMPTS[0].answer_schema)
        assert one.label_logprobs == pytest.approx(two.label_logprobs, abs=1e-4)
        top = max(one.label_logprobs or {}, key=(one.label_logprobs or {}).__getitem__)
        assert one.text.startswith(f'{PREFIX}{top}"')
    assert "structured_outputs" in server.posts()[-1]


def test_free_text(server: FakeServer, fake: FakeVllm) -> None:
    asked = Prompt("free", 1, PROMPTS[0].messages)
    [expected] = fake.models["base"].complete([asked], max_new_tokens=8)
    for writes in (True, False):
        [done] = opened(server, writes=writes).complete([asked], max_new_tokens=8)
        assert done.text == expected.text


def test_a_lora_module_by_its_name(server: FakeServer, fake: FakeVllm, adapters: Path) -> None:
    served = opened(server, writes=False, adapter=str(adapters / "spoken"))
    assert served.calibration is not None
    assert served.calibration.temperatures == {"*": 2.0}
    told = served.complete(PROMPTS, max_new_tokens=24)
    same(told, fake.models["spoken"].complete(PROMPTS, max_new_tokens=24))
    plain = fake.models["base"].complete(PROMPTS, max_new_tokens=24)
    assert [a.text for a in told] != [b.text for b in plain]


@pytest.mark.parametrize("writes", [True, False])
def test_soft_tokens_as_prompt_embeddings(
    writes: bool, server: FakeServer, fake: FakeVllm, adapters: Path
) -> None:
    served = opened(server, writes=writes, adapter=str(adapters / "seen"))
    assert "soft_tokens" in served.capabilities
    soft = [soft_of(64, seed, voice=3, face=2) for seed in (1, 2)]
    prompts = [*(soft_prompt("no", tokens) for tokens in soft), PROMPTS[0]]
    told = served.complete(prompts, max_new_tokens=16)
    expected = fake.models["seen"].complete(prompts, max_new_tokens=16)
    for a, b in zip(told, expected, strict=True):
        assert a.label_logprobs == pytest.approx(b.label_logprobs, abs=1e-4)
        assert a.usage.prompt_tokens == b.usage.prompt_tokens
    assert told[0].label_logprobs != pytest.approx(told[1].label_logprobs, abs=1e-3)
    if not writes:
        same(told, expected)


def test_without_an_adapter_soft_tokens_are_refused(server: FakeServer) -> None:
    with pytest.raises(CapabilityError, match="projector"):
        opened(server).complete([soft_prompt("no", soft_of(64, 1, voice=3))], max_new_tokens=4)


def test_a_slot_without_soft_tokens_is_refused(server: FakeServer, adapters: Path) -> None:
    served = opened(server, adapter=str(adapters / "seen"))
    with pytest.raises(PromptError, match="slot for 'voice'"):
        served.complete([soft_prompt("no", None)], max_new_tokens=4)


def test_a_long_prompt_is_refused_before_it_is_sent(server: FakeServer) -> None:
    served = opened(server)
    assert served.context_tokens == 1000
    with pytest.raises(CapabilityError, match="max-model-len"):
        served.complete([prompt("long " * 1100)], max_new_tokens=4)


@pytest.mark.parametrize(
    ("ignores", "adapter", "words"),
    [
        (("structured_outputs",), None, "does not obey an answer schema"),
        (("logprob_token_ids",), "spoken", "does not score the tokens"),
    ],
)
def test_what_a_server_ignores_is_found_out(
    ignores: tuple[str, ...],
    adapter: str | None,
    words: str,
    fake: FakeVllm,
    base: Path,
    adapters: Path,
) -> None:
    at = None if adapter is None else str(adapters / adapter)
    modules = {name: fake.models[name] for name in ("spoken", "seen")}
    deaf = FakeVllm(fake.models["base"], base, modules, ignores=ignores)
    with FakeServer(deaf) as server, pytest.raises(CapabilityError, match=words):
        opened(server, adapter=at)


def test_a_lora_that_is_ignored_is_found_out(fake: FakeVllm, base: Path, adapters: Path) -> None:
    plain = FakeVllm(fake.models["base"], base, {"spoken": fake.models["base"]})
    with (
        FakeServer(plain) as server,
        pytest.raises(CapabilityError, match="ignores the LoRA 'spoken'"),
    ):
        opened(server, adapter=str(adapters / "spoken"))


def test_embeddings_that_are_not_the_servers_are_found_out(
    fake: FakeVllm, base: Path, adapters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from affect_llm.reasoners.served import embeddings as served_embeddings

    table = served_embeddings._table
    monkeypatch.setattr(served_embeddings, "_table", lambda folder: table(folder) * 1.5)
    with FakeServer(fake) as server, pytest.raises(CapabilityError, match="misread"):
        opened(server, adapter=str(adapters / "seen"))


def test_a_server_without_embeddings_says_how_to_start_it(
    fake: FakeVllm, base: Path, adapters: Path
) -> None:
    closed = FakeVllm(fake.models["base"], base, {"seen": fake.models["seen"]}, embeds=False)
    with FakeServer(closed) as server, pytest.raises(CapabilityError, match="enable-prompt-embeds"):
        opened(server, adapter=str(adapters / "seen"))


def test_a_module_that_is_not_served(fake: FakeVllm, base: Path, adapters: Path) -> None:
    with (
        FakeServer(FakeVllm(fake.models["base"], base)) as server,
        pytest.raises(
            ConfigError, match=r"--max-lora-rank 8 --lora-target.* --lora-modules spoken=.*spoken\."
        ),
    ):
        opened(server, adapter=str(adapters / "spoken"))


def test_an_adapter_of_another_base(server: FakeServer, tmp_path: Path, qwen_folder: Path) -> None:
    other = make_adapter(tmp_path / "spoken", qwen_folder)
    with pytest.raises(WeightsError, match="cannot go on"):
        opened(server, adapter=str(other))


def test_a_folder_without_weights_serves_but_takes_no_adapter(
    server: FakeServer, base: Path, adapters: Path, tmp_path: Path
) -> None:
    light = Path(shutil.copytree(base, tmp_path / "light"))
    (light / "model.safetensors").unlink()
    assert opened(server, model=str(light)).provenance.startswith("light@local#")
    with pytest.raises(WeightsError, match="weights are not here"):
        opened(server, model=str(light), adapter=str(adapters / "spoken"))


def test_another_tokenizer_is_refused(server: FakeServer, tmp_path: Path) -> None:
    from tiny_llm import save_checkpoint

    other = save_checkpoint(tmp_path / "other", split=False)
    with pytest.raises(ConfigError, match="another tokenizer"):
        opened(server, model=str(other))


def test_a_server_elsewhere_does_not_choose_what_is_read_here(base: Path) -> None:
    from affect_llm.reasoners.served.model_list import ServedModel
    from affect_llm.reasoners.served.vllm_server import _source

    served = ServedModel(id="base", root=str(base))
    assert _source(Settings(), served, loopback=True) == str(base)
    with pytest.raises(ConfigError, match="Set model"):
        _source(Settings(), served, loopback=False)


def test_a_server_that_is_no_vllm(base: Path) -> None:
    def respond(asked: Asked) -> Reply:
        if asked.method == "GET":
            return Reply({"data": [{"id": "x"}]})
        return Reply({"choices": [{"text": "hi", "finish_reason": "stop"}]})

    with FakeServer(respond) as server, pytest.raises(CapabilityError, match="no vLLM"):
        opened(server, model=str(base))
    with FakeServer(lambda _: Reply({"data": []})) as server, pytest.raises(ConfigError):
        opened(server, model=str(base))
    with FakeServer(lambda _: error(401, "no key")) as server, pytest.raises(ServerError):
        opened(server, model=str(base))
