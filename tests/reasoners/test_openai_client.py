"""The HTTP client against a server that misbehaves."""

import time
from datetime import UTC, datetime

import pytest
from fake_server import Asked, FakeServer, Reply, error

from affect_llm.config import ServerSettings
from affect_llm.errors import ConfigError, ServerError
from affect_llm.reasoners.http import client as http_client
from affect_llm.reasoners.http.backoff import Pace, backoff_s, retry_after
from affect_llm.reasoners.http.client import JsonClient
from affect_llm.reasoners.http.endpoint import open_endpoint
from affect_llm.reasoners.http.refusal import RefusedRequest

SECRET = "sk-very-secret-0123456789"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)


def client(server: FakeServer, waits: list[float] | None = None, **given: object) -> JsonClient:
    settings = ServerSettings.model_validate({"url": server.url, "timeout_s": 5.0, **given})
    sleep = time.sleep if waits is None else waits.append
    return JsonClient(open_endpoint(settings), settings, sleep)


class Flaky:
    """Fails `times` with `reply`, then answers."""

    def __init__(self, times: int, reply: Reply) -> None:
        self.left, self.reply = times, reply

    def __call__(self, asked: Asked) -> Reply:
        self.left -= 1
        return self.reply if self.left >= 0 else Reply({"ok": True})


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
def test_what_may_pass_is_sent_again(status: int) -> None:
    waits: list[float] = []
    with FakeServer(Flaky(3, error(status, "later"))) as server:
        assert client(server, waits).post("/x", {"a": 1}) == {"ok": True}
        assert len(server.asked) == 4
    assert len(waits) == 3
    for wait, most in zip(waits, (0.5, 1.0, 2.0), strict=True):
        assert most / 2 <= wait <= most


def test_the_jitter_is_seeded() -> None:
    with FakeServer(lambda _: Reply({})) as server:
        clients = client(server, []), client(server, [])
    one, two = ([backoff_s(n, None, c._jitter) for n in range(9)] for c in clients)
    assert one == two
    assert max(one) <= 30
    assert len(set(one)) == 9


def test_retry_after_is_honoured() -> None:
    waits: list[float] = []
    with FakeServer(Flaky(1, error(429, "slow", **{"Retry-After": "3"}))) as server:
        client(server, waits).get("/x")
    assert waits == [3.0]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert retry_after("Thu, 01 Jan 2026 00:00:07 GMT", now) == 7.0
    assert retry_after("Wed, 31 Dec 2025 00:00:07 GMT", now) == 0.0
    assert [retry_after(text) for text in (None, "", "soon", "-3", "1e9")] == [None] * 5


def test_a_wait_beyond_the_time_limit_is_not_sat_out() -> None:
    waits: list[float] = []
    with (
        FakeServer(Flaky(1, error(429, "quota", **{"Retry-After": "3600"}))) as server,
        pytest.raises(RefusedRequest, match="requests_per_minute"),
    ):
        client(server, waits).get("/x")
    assert waits == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_will_not_pass_is_sent_once(status: int) -> None:
    with FakeServer(Flaky(1, error(status, "no"))) as server:
        with pytest.raises(RefusedRequest, match=f"{status}"):
            client(server).get("/x")
        assert len(server.asked) == 1


def test_retries_come_to_an_end() -> None:
    waits: list[float] = []
    with FakeServer(lambda _: error(503, "overloaded")) as server:
        with pytest.raises(ServerError, match="overloaded"):
            client(server, waits, retries=2).get("/x")
        assert len(server.asked) == 3


def test_a_wrong_key_is_a_sentence_without_the_key() -> None:
    reply = error(401, f"Incorrect API key provided: {SECRET}.")
    with FakeServer(lambda _: reply) as server:
        asking = client(server)
        with pytest.raises(RefusedRequest, match="OPENAI_API_KEY") as caught:
            asking.get("/x")
        assert server.asked[0].headers["Authorization"] == f"Bearer {SECRET}"
    shown = [str(caught.value), repr(caught.value), repr(asking.endpoint), repr(vars(asking))]
    assert not any(SECRET in text for text in shown)


@pytest.mark.parametrize("body", [b"<html>hello</html>", b"\xff\xfe\x00", b"[1]", b"", b"[" * 9999])
def test_what_is_no_json_object_is_a_sentence(body: bytes) -> None:
    with (
        FakeServer(lambda _: Reply(body)) as server,
        pytest.raises(ServerError, match="no JSON object"),
    ):
        client(server).get("/x")


def test_an_error_page_is_not_quoted() -> None:
    with (
        FakeServer(lambda _: Reply(b"<html><script>x</script>", 404)) as server,
        pytest.raises(ServerError, match=r"404\)\. Check server\.url\.$"),
    ):
        client(server).get("/x")


def test_control_characters_of_a_server_do_not_reach_the_terminal() -> None:
    with (
        FakeServer(lambda _: error(400, "a\x1b[31mred\x07" + "b" * 900)) as server,
        pytest.raises(ServerError) as caught,
    ):
        client(server).get("/x")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


def test_redirects_are_not_followed() -> None:
    elsewhere = Reply(b"", 307, {"Location": "http://169.254.169.254/"})
    with FakeServer(lambda _: elsewhere) as server:
        with pytest.raises(ServerError, match="points elsewhere"):
            client(server).post("/x", {})
        assert len(server.asked) == 1


def test_a_huge_reply_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "MAX_REPLY_BYTES", 1024**2)
    with (
        FakeServer(lambda _: Reply(b" " * 5 * 1024**2)) as server,
        pytest.raises(ServerError, match="1 MiB"),
    ):
        client(server).get("/x")


def test_a_slow_reply_is_given_up() -> None:
    with (
        FakeServer(lambda _: Reply({}, delay_s=0.6)) as server,
        pytest.raises(ServerError, match="timeout_s"),
    ):
        client(server, timeout_s=0.2, retries=0).get("/x")


def test_a_server_that_is_down() -> None:
    with FakeServer(lambda _: Reply({})) as server:
        pass
    waits: list[float] = []
    with pytest.raises(ServerError, match="cannot be reached"):
        client(server, waits).get("/x")
    assert len(waits) == 4


def test_no_more_at_once_than_allowed() -> None:
    with FakeServer(lambda _: Reply({}, delay_s=0.05)) as server:
        asking = client(server, concurrency=3)
        asking.each(lambda n: asking.post("/x", {"n": n}), range(9))
        assert server.most_at_once <= 3
        assert asking.each(lambda n: n * 2, range(9)) == [n * 2 for n in range(9)]


def test_the_first_failure_is_told_and_the_rest_left() -> None:
    with FakeServer(lambda _: error(400, "no", **{})) as server:
        asking = client(server, concurrency=2)
        with pytest.raises(RefusedRequest):
            asking.each(lambda n: asking.post("/x", {"n": n}), range(50))
        assert len(server.asked) < 50


def test_requests_keep_their_distance() -> None:
    now, waits = [100.0], []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    pace = Pace(30, clock=lambda: now[0], sleep=sleep)
    for _ in range(3):
        pace.wait()
    assert waits == [2.0, 2.0]
    now[0] += 60
    pace.wait()
    assert waits == [2.0, 2.0]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (None, "server.url"),
        ("ftp://127.0.0.1/v1", "no http"),
        ("file:///etc/passwd", "no http"),
        ("127.0.0.1:8000/v1", "no http"),
        ("http://[::1", "no address"),
        ("http://127.0.0.1:99999/v1", "no address"),
        ("http://me:hunter2@127.0.0.1/v1", "password"),
        ("http://127.0.0.1/v1?key=hunter2", "query"),
        ("http://models.example.org/v1", "unencrypted"),
    ],
)
def test_addresses_that_are_refused(url: str | None, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        open_endpoint(ServerSettings(url=url))
    assert "hunter2" not in str(caught.value)
    assert SECRET not in str(caught.value)


def test_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    away = ServerSettings(url="https://models.example.org/v1/")
    endpoint = open_endpoint(away)
    assert (endpoint.url, endpoint.loopback) == ("https://models.example.org/v1", False)
    assert endpoint.key == SECRET
    monkeypatch.setenv("OPENAI_API_KEY", "a\nHost: b")
    with pytest.raises(ConfigError, match="no key has"):
        open_endpoint(away)
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(ConfigError, match="needs a key"):
        open_endpoint(away)
    assert open_endpoint(ServerSettings(url="http://[::1]:8000/v1")).loopback
    assert open_endpoint(ServerSettings(url="http://lan.example.org/v1")).key is None
