"""JSON over HTTP with a model server: limits, retries, and a sentence for every failure."""

import json
import random
import time
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

import httpx

from affect_llm.config import ServerSettings
from affect_llm.errors import ServerError
from affect_llm.reasoners.http.backoff import Pace, backoff_s, retry_after
from affect_llm.reasoners.http.endpoint import Endpoint
from affect_llm.reasoners.http.refusal import refusal

MAX_REPLY_BYTES = 64 * 1024**2
"""A long answer with all its alternatives is half a MiB; more than this is no answer."""
_PASSING = frozenset({408, 409, 429})
"""Statuses that say "not now": too slow, in the way of another request, too many."""
In = TypeVar("In")
Out = TypeVar("Out")


class _PassingError(Exception):
    """A failure that may be over when the request is sent again, after the seconds asked for."""

    def __init__(self, error: ServerError, asked_s: float | None) -> None:
        super().__init__(str(error))
        self.error = error
        self.asked_s = asked_s


class JsonClient:
    """Talks to one endpoint from several threads at once.

    Redirects are not followed, and a reply over 64 MiB or over the time limit is given up. What
    fails in passing (408, 409, 429, 5xx, a broken connection, a time limit) is sent again.

    Args:
        endpoint: checked address and key.
        server: limits.
        sleep: waits between attempts.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        server: ServerSettings,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.endpoint = endpoint
        self.server = server
        self._sleep = sleep
        self._pace = Pace(server.requests_per_minute, sleep=sleep)
        self._jitter = random.Random(0)
        headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
        self._http = httpx.Client(
            headers=headers,
            # Who is there answers a connection at once; only the answer may take long.
            timeout=httpx.Timeout(server.timeout_s, connect=min(server.timeout_s, 10.0)),
            limits=httpx.Limits(max_connections=server.concurrency),
            follow_redirects=False,
            # Reading the certificates takes a fifth of a second; plain http has none to check.
            verify=endpoint.url.startswith("https:"),
            # A proxy is not asked for what runs on this machine.
            trust_env=not endpoint.loopback,
        )
        weakref.finalize(self, self._http.close)

    def get(self, path: str, *, retries: int | None = None) -> dict[str, Any]:
        """The JSON object at `path`; see `post`."""
        return self._request("GET", path, None, retries)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON object that `path` answers `body` with.

        Args:
            path: below the endpoint's url ("/chat/completions").
            body: sent as JSON.

        Raises:
            RefusedRequest: an answer with an error, after the retries where it may pass.
            ServerError: no answer, or one that is too slow, too large or no JSON object.
        """
        return self._request("POST", path, body, None)

    def each(self, work: Callable[[In], Out], items: Sequence[In]) -> list[Out]:
        """`work` on every item, as many at once as the settings allow, results in order.

        The first failure is raised and what has not begun is left.
        """
        if len(items) < 2:
            return [work(item) for item in items]
        with ThreadPoolExecutor(min(self.server.concurrency, len(items))) as pool:
            futures = [pool.submit(work, item) for item in items]
            try:
                return [future.result() for future in futures]
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _request(
        self, method: str, path: str, body: dict[str, Any] | None, retries: int | None
    ) -> dict[str, Any]:
        url = self.endpoint.url + path
        left = self.server.retries if retries is None else retries
        for attempt in range(left + 1):
            self._pace.wait()
            try:
                return self._once(method, url, body)
            except _PassingError as passing:
                if attempt == left or (passing.asked_s or 0) > self.server.timeout_s:
                    raise passing.error from None
                self._sleep(backoff_s(attempt, passing.asked_s, self._jitter))
        raise AssertionError("the last attempt returns or raises")

    def _once(self, method: str, url: str, body: dict[str, Any] | None) -> dict[str, Any]:
        try:
            status, headers, content = self._send(method, url, body)
        except httpx.TimeoutException:
            slow = (
                f"The server {url} did not answer within {self.server.timeout_s:g} s. Raise "
                "server.timeout_s, or ask for less at once (server.concurrency)."
            )
            raise _PassingError(ServerError(slow), None) from None
        except httpx.RequestError as error:
            down = (
                f"The server {url} cannot be reached ({type(error).__name__}). Start it, or check "
                "server.url."
            )
            raise _PassingError(ServerError(down), None) from None
        if status >= 300:
            key, variable = self.endpoint.key, self.server.api_key_env
            refused = refusal(url, status, content, key=key, variable=variable)
            if status in _PASSING or status >= 500:
                raise _PassingError(refused, retry_after(headers.get("Retry-After")))
            raise refused
        with suppress(ValueError, RecursionError):
            if isinstance(reply := json.loads(content), dict):
                return reply
        # As much as shows a person whether it is HTML, a proxy's page or a cut answer.
        text = content[:60].decode("utf-8", "replace")
        start = "".join(c if c.isprintable() else " " for c in text)
        raise ServerError(
            f"The server {url} answered with something that is no JSON object: {start!r}. Check "
            "that server.url ends where the API begins (often /v1)."
        )

    def _send(
        self, method: str, url: str, body: dict[str, Any] | None
    ) -> tuple[int, httpx.Headers, bytes]:
        deadline = time.monotonic() + self.server.timeout_s
        with self._http.stream(method, url, json=body) as response:
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MAX_REPLY_BYTES:
                    raise ServerError(
                        f"The server {url} sent more than {MAX_REPLY_BYTES // 1024**2} MiB, which "
                        "is no answer. Check server.url."
                    )
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("the whole answer took too long")
            return response.status_code, response.headers, bytes(content)
