"""A small HTTP server on 127.0.0.1 that answers as a test tells it to."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from affect_llm.reasoners.fake import FakeReasoner
from affect_llm.types import Message, Prompt

MODELS = {"data": [{"id": "fake-7b", "max_model_len": 4096}, {"id": "fake-70b"}]}


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Reply:
    body: dict[str, Any] | bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0


Respond = Callable[[Asked], Reply]


class FakeServer:
    """Runs in a thread between `with` and its end; keeps what it was asked."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond
        self.asked: list[Asked] = []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def posts(self) -> list[dict[str, Any]]:
        return [asked.body for asked in self.asked if asked.method == "POST"]

    def _count(self, step: int) -> None:
        with self._lock:
            self.at_once += step
            self.most_at_once = max(self.most_at_once, self.at_once)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def _answer(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                asked = Asked(
                    self.command, self.path, dict(self.headers), json.loads(raw) if raw else {}
                )
                server._count(1)
                server.asked.append(asked)
                reply = server.respond(asked)
                time.sleep(reply.delay_s)
                content = reply.body if isinstance(reply.body, bytes) else _dumped(reply.body)
                server._count(-1)
                try:
                    self.send_response(reply.status)
                    self.send_header("Content-Length", str(len(content)))
                    for name, value in reply.headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _dumped(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()


def error(status: int, message: str, **headers: str) -> Reply:
    return Reply({"error": {"message": message}}, status, headers)


def said(text: str, *, finish: str = "stop", logprobs: Any = None, tokens: int = 7) -> Reply:
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text},
        "finish_reason": finish,
        "logprobs": logprobs,
    }
    return Reply(
        {
            "choices": [choice],
            "usage": {"prompt_tokens": 11, "completion_tokens": tokens, "total_tokens": 18},
        }
    )


def chats(asked: Asked) -> Reply:
    """An obedient server: lists two models and answers from a hash of the prompt."""
    if asked.method == "GET":
        return Reply(MODELS)
    form = asked.body.get("response_format", {})
    schema = form.get("json_schema", {}).get("schema")
    prompt = Prompt(
        id="served",
        version=1,
        messages=tuple(Message(**m) for m in asked.body["messages"]),
        answer_schema=schema,
    )
    [done] = FakeReasoner().complete([prompt], max_new_tokens=asked.body["max_tokens"])
    return said(done.text, finish=done.finish, tokens=done.usage.completion_tokens)
