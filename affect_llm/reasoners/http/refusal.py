"""What a server's refusal says, as a sentence for the person at the keyboard."""

import json

from affect_llm.errors import ServerError

_LONGEST = 200
"""Characters of a server's words that are repeated: two or three lines of a terminal."""

_MEANINGS = {
    401: ("does not accept the key", " Set the environment variable {variable} to a valid one."),
    403: ("forbids this key what was asked", ""),
    404: ("knows no such address or model", " Check server.url."),
    429: ("wants fewer requests", " Set server.requests_per_minute or a lower server.concurrency."),
}
"""What a status means, and what the person can do about it."""


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
    what, cure = _MEANINGS.get(status, ("refuses the request", ""))
    if status >= 500:
        what, cure = "failed", " See its own log."
    quoted = f' It says: "{words}".' if words else ""
    sentence = f"The server {url} {what} ({status}).{cure.format(variable=variable)}{quoted}"
    if status < 400:
        sentence = (
            f"The server {url} points elsewhere ({status}), which is not followed. Set server.url "
            "to the address where the model really is."
        )
    return RefusedRequest(sentence, status, words)


def _words(body: bytes, key: str | None) -> str:
    """The message of an error body in one line; nothing where it is no JSON.

    The forms in use are {"error": {"message"}}, {"error": ""}, {"message"} and {"detail"}.
    """
    try:
        error = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    inner = error.get("error", error) if isinstance(error, dict) else ""
    if isinstance(inner, dict):
        inner = inner.get("message", inner.get("detail", ""))
    message = inner if isinstance(inner, str) else json.dumps(inner)
    # Some servers quote the key that they refuse.
    if key:
        message = message.replace(key, "***")
    line = "".join(c if c.isprintable() else " " for c in message)
    return " ".join(line.split())[:_LONGEST].rstrip(".")
