"""A table of weights that the tests own, and a server on the loopback that serves them."""

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY = bytes(range(256)) * 1024  # 256 KiB
SHA = hashlib.sha256(BODY).hexdigest()
NOTE = b'{"a": 1}'
NOTE_SHA = hashlib.sha256(NOTE).hexdigest()


@dataclass
class Behaviour:
    """How the server treats the next requests; `ranges` is what it was asked for."""

    ignore_range: bool = False
    cut_after: int | None = None
    status: int = 200
    wrong: bool = False
    redirect: str | None = None
    stall_after: int | None = None
    ranges: list[str | None] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)


def table(base: str, *, pinned: bool = True, sized: bool = True) -> str:
    pin = f"sha256: {SHA}" if pinned else ""
    size = f"size: {len(BODY)}" if sized else ""
    return f"""
one:
  kind: file
  purpose: a test
  source: here
  revision: r1
  licence: MIT
  extra: whisper
  files:
    - path: weight.onnx
      url: {base}/weight.onnx
      {pin}
      {size}
many:
  kind: folder
  purpose: a checkpoint
  source: here
  revision: r1
  licence: Apache-2.0
  extra: llm
  base: {base}
  files:
    - path: model.safetensors
      url: {base}/weight.onnx
      sha256: {SHA}
    - path: sub/note.json
"""


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(behaviour))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        behaviour.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(behaviour: Behaviour) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            behaviour.ranges.append(asked)
            if behaviour.redirect:
                self.send_response(302)
                self.send_header("Location", behaviour.redirect)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if behaviour.status != 200:
                self.send_response(behaviour.status)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self._send(asked)

        def _send(self, asked: str | None) -> None:
            whole = NOTE if self.path.endswith(".json") else BODY
            whole = whole[::-1] if behaviour.wrong else whole
            match = None if behaviour.ignore_range else re.match(r"bytes=(\d+)-", asked or "")
            start = int(match[1]) if match else 0
            if match and start >= len(whole):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(whole)}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206 if match else 200)
            if match:
                self.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
            self.send_header("Content-Length", str(len(whole) - start))
            self.end_headers()
            body = whole[start:]
            if behaviour.stall_after is not None:
                self.wfile.write(body[: behaviour.stall_after])
                self.wfile.flush()
                behaviour.release.wait(30)
                return
            self.wfile.write(body if behaviour.cut_after is None else body[: behaviour.cut_after])

        def log_message(self, *_: object) -> None:
            return

    return Handler
