"""The `openai` reasoner against servers of several tempers."""

import json
import logging
import math

import numpy as np
import pytest
from asked import LABELS, PREFIX, TEXTS, prompt
from fake_server import MODELS, Asked, FakeServer, Reply, chats, error, said
from jsonschema import validate

from affect_llm.config import ServerSettings, Settings
from affect_llm.errors import CapabilityError, ConfigError, ServerError
from affect_llm.prompting.schema import answer_schema
from affect_llm.reasoners.served.dialect import plain_schema
from affect_llm.reasoners.served.openai import ServedChat, open_openai
from affect_llm.types import Prompt, SoftTokens

SECRET = "sk-very-secret-0123456789"


def opened(server: FakeServer, model: str | None = "fake-7b", **given: object) -> ServedChat:
    at = ServerSettings.model_validate({"url": server.url, "retries": 0, **given})
    return open_openai(Settings(reasoner="openai", model=model, server=at))


def refusing(*words: str) -> FakeServer:
    """A server that refuses requests in which one of `words` stands, naming it."""

    def respond(asked: Asked) -> Reply:
        text = json.dumps(asked.body)
        found = [word for word in words if word in text]
        return error(400, f"Unsupported: {found[0]}") if found else chats(asked)

    return FakeServer(respond)


def test_it_asks_greedily_under_a_strict_schema() -> None:
    with FakeServer(chats) as server:
        reasoner = opened(server)
        assert reasoner.capabilities == {"writes", "constrained"}
        assert reasoner.context_tokens == 4096
        [done] = reasoner.complete([prompt(TEXTS[0])], max_new_tokens=400)
        body = server.posts()[-1]
    validate(json.loads(done.text), prompt("").answer_schema)
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("fake-7b", 0, 400)
    assert body["response_format"]["json_schema"]["strict"] is True
    assert body["response_format"]["json_schema"]["schema"] == prompt("").answer_schema
    assert body["messages"][1]["content"] == TEXTS[0]


@pytest.mark.parametrize(
    ("words", "form", "constrained"),
    [
        (("minLength", "maxLength"), "plain schema", True),
        (("json_schema",), "json object", False),
        (("json_schema", "response_format"), "words", False),
    ],
)
def test_it_comes_down_to_what_the_server_takes(
    words: tuple[str, ...], form: str, constrained: bool
) -> None:
    with refusing(*words) as server:
        reasoner = opened(server)
        reasoner.complete([prompt("x")], max_new_tokens=400)
        last = server.posts()[-1]
    assert reasoner.dialect.form == form
    assert ("constrained" in reasoner.capabilities) is constrained
    assert ("follows this JSON Schema" in last["messages"][0]["content"]) is not constrained


def test_newer_models_name_the_limit_otherwise_and_are_not_greedy() -> None:
    def respond(asked: Asked) -> Reply:
        if "max_tokens" in asked.body:
            return error(400, "Use 'max_completion_tokens' instead of 'max_tokens'.")
        if "temperature" in asked.body:
            return error(400, "'temperature' does not support 0 with this model.")
        asked.body["max_tokens"] = asked.body.get("max_completion_tokens")
        return chats(asked)

    with FakeServer(respond) as server:
        dialect = opened(server).dialect
    assert (dialect.length_key, dialect.greedy) == ("max_completion_tokens", False)
    assert dialect.form == "schema"


def test_a_server_that_ignores_the_schema_is_found_out() -> None:
    with FakeServer(
        lambda asked: Reply(MODELS) if asked.method == "GET" else said("Sure! Happy.")
    ) as server:
        reasoner = opened(server)
    assert reasoner.capabilities == {"writes"}
    assert reasoner.dialect.form == "json object"


def test_probabilities_from_the_listed_alternatives() -> None:
    listed = [{"token": "joy", "logprob": math.log(0.75)}]
    listed += [{"token": "dis", "logprob": math.log(0.25)}]
    logprobs = {
        "content": [
            {"token": PREFIX, "logprob": 0.0, "top_logprobs": []},
            {"token": "joy", "logprob": math.log(0.75), "top_logprobs": listed},
        ]
    }

    def respond(asked: Asked) -> Reply:
        return chats(asked) if asked.method == "GET" else said('{"label":"joy"}', logprobs=logprobs)

    with FakeServer(respond) as server:
        [told] = opened(server).complete([prompt("x", labels=("joy", "disgust"))], max_new_tokens=9)
        assert server.posts()[-1]["top_logprobs"] == 20
        [open_end] = opened(server).complete([prompt("x", labels=LABELS)], max_new_tokens=9)
    assert told.label_logprobs == pytest.approx({"joy": math.log(0.75), "disgust": math.log(0.25)})
    assert open_end.label_logprobs is None


def test_the_key_is_sent_and_shown_nowhere(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MY_KEY", SECRET)
    caplog.set_level(logging.DEBUG)
    with FakeServer(chats) as server:
        reasoner = opened(server, api_key_env="MY_KEY")
        [done] = reasoner.complete([prompt("x")], max_new_tokens=50)
        assert {a.headers["Authorization"] for a in server.asked} == {f"Bearer {SECRET}"}
    everything = [repr(reasoner), repr(vars(reasoner)), repr(vars(reasoner.client)), repr(done)]
    assert not any(SECRET in text for text in [*everything, caplog.text])


def test_a_wrong_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with (
        FakeServer(lambda _: error(401, f"bad key {SECRET}")) as server,
        pytest.raises(ServerError, match="OPENAI_API_KEY") as caught,
    ):
        opened(server)
    chain: BaseException | None = caught.value
    while chain is not None:
        assert SECRET not in f"{chain} {chain!r}"
        chain = chain.__cause__ or chain.__context__


def test_an_unknown_model_has_near_names() -> None:
    with FakeServer(chats) as server:
        with pytest.raises(ConfigError, match=r"'fake-7'\. Near: fake-7b"):
            opened(server, "fake-7")
        with pytest.raises(ConfigError, match="It serves: fake-7b, fake-70b"):
            opened(server, None)


def test_a_server_without_a_list_of_models_is_asked_by_name() -> None:
    with FakeServer(
        lambda asked: error(404, "no") if asked.method == "GET" else chats(asked)
    ) as server:
        assert opened(server, "any").provenance.startswith("any@served#")


def test_a_server_that_is_down() -> None:
    with FakeServer(chats) as server:
        pass
    with pytest.raises(ServerError, match="Start it"):
        opened(server)


def _after_opening(server: FakeServer, reply: Reply) -> ServedChat:
    reasoner = opened(server)
    server.respond = lambda _: reply
    return reasoner


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (error(400, "maximum context length is 4096 tokens"), CapabilityError, "window_s"),
        (error(400, "invalid schema for response_format"), CapabilityError, "answer schema"),
        (error(404, "The model 'fake-7b' does not exist"), ServerError, "404"),
        (Reply({"choices": []}), ServerError, "no chat completion"),
        (Reply({"choices": [{"message": 3}]}), ServerError, "no chat completion"),
        (Reply({"object": "list"}), ServerError, "no chat completion"),
        (Reply(b"<html>"), ServerError, "no JSON object"),
    ],
)
def test_failures_in_between_are_sentences(reply: Reply, kind: type[Exception], words: str) -> None:
    with FakeServer(chats) as server:
        reasoner = _after_opening(server, reply)
        with pytest.raises(kind, match=words):
            reasoner.complete([prompt("x")], max_new_tokens=50)


def test_answers_come_in_order() -> None:
    with FakeServer(chats) as server:
        reasoner = opened(server, concurrency=4)
        prompts = [prompt(text) for text in TEXTS * 3]
        together = reasoner.complete(prompts, max_new_tokens=300)
        alone = [reasoner.complete([p], max_new_tokens=300)[0] for p in prompts]
    assert together == alone


def test_soft_tokens_are_refused() -> None:
    soft = SoftTokens(np.zeros((0, 4), np.float32), (), (), (), "fusion@1#0")
    with FakeServer(chats) as server, pytest.raises(CapabilityError, match="soft tokens"):
        opened(server).complete([Prompt("x", 1, (), soft_tokens=soft)], max_new_tokens=5)


def test_a_plain_schema_allows_all_that_the_whole_one_does() -> None:
    whole = answer_schema(["joy", "fear"], ["F1"], ["text"])
    plain = plain_schema(whole)
    text = json.dumps(plain)
    assert not any(word in text for word in ("minLength", "maxLength", "pattern", "maxItems"))
    assert plain["properties"]["label"] == {"type": "string", "enum": ["joy", "fear"]}
    assert plain["properties"]["valence"]["type"] == "number"
    assert plain_schema({"properties": {"pattern": {"const": 1}}}) == {
        "properties": {"pattern": {"type": "number", "enum": [1]}}
    }
    answer = {
        "label": "joy",
        "modalities": {"text": "fear"},
        "valence": 0.1,
        "arousal": -1.0,
        "open_labels": ["glad"],
        "explanation": [{"text": "The voice is high.", "cues": ["F1"]}],
    }
    validate(answer, whole)
    validate(answer, plain)
