"""What a server's refusal says, as a sentence for the person at the keyboard."""

import json
from typing import Any

from affect_llm.errors import ServerError

_LONGEST = 200
"""Characters of a server's words that are repeated: two or three lines of a terminal."""


class RefusedRequest(ServerError):
    """The server answered with an error.

    Args:
        sentence: for the person.
        status: of HTTP.
        words: the server's own, shortened.
    """

    def __init__(self, sentence: str, status: int, words: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.words = words


def refusal(
    url: str, status: int, body: bytes, *, key: str | None, variable: str
) -> RefusedRequest:
    """The error for an answer with `status`; the key is struck out of what the server said.

    Args:
        url: where the request went.
        status: 300 or above.
        body: as it came.
        key: that was sent.
        variable: of the environment, that the key came from.
    """
    words = _words(body, key)
    return RefusedRequest(_sentence(url, status, words, variable), status, words)


def _sentence(url: str, status: int, words: str, variable: str) -> str:
    quoted = f' It says: "{words}".' if words else ""
    if status == 401:
        return (
            f"The server {url} does not accept the key (401). Set the environment variable "
            f"{variable} to a valid one.{quoted}"
        )
    if status == 403:
        return f"The server {url} forbids this key what was asked (403).{quoted}"
    if 300 <= status < 400:
        return (
            f"The server {url} points elsewhere ({status}), which is not followed. Set server.url "
            "to the address where the model really is."
        )
    if status == 404:
        return f"The server {url} knows no such address or model (404). Check server.url.{quoted}"
    if status == 429:
        return (
            f"The server {url} wants fewer requests (429). Set server.requests_per_minute or a "
            f"lower server.concurrency.{quoted}"
        )
    if status >= 500:
        return f"The server {url} failed ({status}). See its own log.{quoted}"
    return f"The server {url} refuses the request ({status}).{quoted}"


def _words(body: bytes, key: str | None) -> str:
    """The message of an error body in one line; nothing where it is no JSON."""
    try:
        message = _message(json.loads(body))
    except (ValueError, RecursionError):
        return ""
    if key:
        message = message.replace(key, "***")
    line = "".join(c if c.isprintable() else " " for c in message)
    return " ".join(line.split())[:_LONGEST].rstrip(".")


def _message(error: Any) -> str:
    """What an error says, in the forms in use.

    They are {"error": {"message"}}, {"error": ""}, {"message"} and {"detail"}.
    """
    if not isinstance(error, dict):
        return ""
    inner = error.get("error", error)
    if isinstance(inner, dict):
        inner = inner.get("message", inner.get("detail", ""))
    return inner if isinstance(inner, str) else json.dumps(inner)
