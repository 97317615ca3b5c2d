"""What every registered reasoner promises."""

import json
import math
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import get_args

import pytest
from jsonschema import validate

from affect_llm.config import ServerSettings, Settings
from affect_llm.errors import ConfigError, MissingExtra, UnknownComponent, WeightsError
from affect_llm.reasoners.reasoner import Capability, Reasoner
from affect_llm.reasoners.registry import (
    REASONERS,
    open_reasoner,
    reasoner_spec,
    reasoner_specs,
)
from affect_llm.reasoners.spec import ReasonerSpec
from affect_llm.store.shipped import shipped

sys.path.append(str(Path(__file__).parents[1] / "reasoners"))
from asked import TEXTS, prompt
from fake_server import FakeServer, chats
from fake_vllm import FakeVllm
from tiny_llm import save_checkpoint
from tiny_omni import save_omni

MAX_NEW_TOKENS = 600
PROMPTS = [prompt(text) for text in TEXTS]


@contextmanager
def opened(name: str, folder: Path) -> Iterator[Reasoner]:
    """The reasoner called `name`, with a tiny checkpoint or a server of its own where it needs one.

    What cannot be had here (packages of another environment) is skipped with the reason.
    """
    spec, needs = reasoner_spec(name), {}
    with ExitStack() as stack:
        if spec.model == "required":
            save = save_omni if spec.media else save_checkpoint
            needs["model"] = str(save(folder / "tiny"))
        elif spec.server and not spec.adapter:
            server = stack.enter_context(FakeServer(chats))
            needs |= {"model": "fake-7b", "server": ServerSettings(url=server.url)}
        elif spec.server:
            base = save_checkpoint(folder / "tiny")
            local = Settings(reasoner="transformers", model=str(base), device="cpu")
            server = stack.enter_context(FakeServer(FakeVllm(open_reasoner(local), base)))
            needs["server"] = ServerSettings(url=server.url)
        settings = Settings(reasoner=name, device="cpu", **needs)
        try:
            yield open_reasoner(settings)
        except (WeightsError, MissingExtra, ConfigError, ModuleNotFoundError) as error:
            pytest.skip(f"{name} cannot be opened here: {error}")


@pytest.fixture(
    scope="module",
    params=[
        # Those that look themselves take one prompt at a time, each to its full length.
        pytest.param(spec.name, marks=pytest.mark.slow if spec.media else ())
        for spec in reasoner_specs()
    ],
)
def reasoner(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reasoner]:
    with opened(request.param, tmp_path_factory.mktemp("contract")) as made:
        yield made


def test_it_says_what_it_is(reasoner: Reasoner) -> None:
    assert reasoner.name in REASONERS.names()
    assert reasoner.capabilities <= set(get_args(Capability))
    assert reasoner.context_tokens > 0
    assert reasoner.batch_size is None or reasoner.batch_size > 0


def test_it_is_what_its_specification_says(reasoner: Reasoner) -> None:
    spec = reasoner_spec(reasoner.name)
    assert spec.media == ("media" in reasoner.capabilities) == bool(reasoner.media_tracks)
    assert set(reasoner.media_tracks) <= {"video", "audio"}
    if not spec.adapter:
        assert "soft_tokens" not in reasoner.capabilities


def test_longer_text_has_more_tokens(reasoner: Reasoner) -> None:
    assert reasoner.count_tokens("") == 0
    assert 0 < reasoner.count_tokens("the pitch") < reasoner.count_tokens("the pitch " * 10)


def test_one_completion_per_prompt_in_order_and_repeatable(reasoner: Reasoner) -> None:
    first = reasoner.complete(PROMPTS, max_new_tokens=60)
    assert len(first) == len(PROMPTS)
    assert reasoner.complete(PROMPTS, max_new_tokens=60) == first
    [alone] = reasoner.complete([PROMPTS[1]], max_new_tokens=60)
    assert alone.text == first[1].text


def test_nothing_asked_nothing_answered(reasoner: Reasoner) -> None:
    assert reasoner.complete([], max_new_tokens=10) == []


def test_constrained_answers_follow_the_schema(reasoner: Reasoner) -> None:
    if "constrained" not in reasoner.capabilities:
        pytest.skip("does not constrain")
    for asked, done in zip(
        PROMPTS, reasoner.complete(PROMPTS, max_new_tokens=MAX_NEW_TOKENS), strict=True
    ):
        assert done.finish == "stop"
        validate(json.loads(done.text), asked.answer_schema)


def test_labels_have_probabilities_and_the_answer_the_first(reasoner: Reasoner) -> None:
    if "label_logprobs" not in reasoner.capabilities:
        pytest.skip("gives no label probabilities")
    for asked, done in zip(PROMPTS, reasoner.complete(PROMPTS, max_new_tokens=60), strict=True):
        assert done.label_logprobs is not None
        assert tuple(done.label_logprobs) == asked.labels
        assert sum(map(math.exp, done.label_logprobs.values())) == pytest.approx(1)
        top = max(done.label_logprobs, key=done.label_logprobs.__getitem__)
        assert done.text.startswith(f'{asked.label_prefix}{top}"')


def test_a_cut_answer_says_so(reasoner: Reasoner) -> None:
    [done] = reasoner.complete(PROMPTS[:1], max_new_tokens=4)
    assert done.finish == "length"
    assert done.usage.completion_tokens <= 4


def test_the_model_has_a_passport(reasoner: Reasoner) -> None:
    [done] = reasoner.complete(PROMPTS[:1], max_new_tokens=4)
    name, _, rest = done.model.partition("@")
    revision, _, digest = rest.partition("#")
    assert name
    assert revision
    assert len(digest) == 12
    assert int(digest, 16) >= 0


@pytest.mark.parametrize("spec", reasoner_specs(), ids=lambda spec: spec.name)
def test_a_specification_says_what_a_person_needs_to_choose(spec: ReasonerSpec) -> None:
    assert REASONERS.get(spec.name) is spec
    assert spec.summary
    assert not spec.summary.endswith(".")
    if spec.model == "required":
        with pytest.raises(ConfigError, match=f"'{spec.name}' needs a checkpoint: set model to a"):
            spec.model_of(Settings(reasoner=spec.name))
    if spec.shipped is not None:
        assert spec.model == "none"
        assert shipped(spec.shipped).is_dir()


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnknownComponent, match="transformers"):
        open_reasoner(Settings(reasoner="transfomers"))
