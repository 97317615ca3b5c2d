"""The medium on the page: inside the file while it is small, beside it when it is not."""

import os
from base64 import b64encode
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import quote

from affect_llm.report.markup import Html, element

EMBED_BYTES = 25 * 1024**2
"""A file up to this size is written into the report; a larger one is linked."""
_TAGS = {"video": "video", "audio": "audio", "image": "img"}
_PLAYED_AS = {"video/quicktime": "video/mp4", "audio/x-wav": "audio/wav"}


def player(media: Path | None, folder: Path) -> Html:
    """The player or picture of `media` for a page in `folder`; nothing for a text."""
    if media is None or not media.is_file():
        return Html("")
    kind = guess_type(media.name)[0] or ""
    tag = _TAGS.get(kind.partition("/")[0])
    if tag is None:
        return Html("")
    embedded = media.stat().st_size <= EMBED_BYTES
    source = _data_uri(media, kind) if embedded else _link(media, folder)
    note = "" if embedded else f"Too large to be inside this page: it plays {media.name} beside it."
    shown = _shown(tag, source, media.name)
    caption = element("figcaption", {}, note) if note else Html("")
    return element("figure", {"class": f"player {tag}"}, shown, caption)


def _shown(tag: str, source: str, name: str) -> Html:
    if tag == "img":
        return element("img", {"src": source, "alt": f"The picture that was explained: {name}"})
    attributes = {"src": source, "controls": "", "preload": "auto", "playsinline": ""}
    return element(tag, {**attributes, "aria-label": name})


def _data_uri(media: Path, kind: str) -> str:
    payload = b64encode(media.read_bytes()).decode("ascii")
    return f"data:{_PLAYED_AS.get(kind, kind)};base64,{payload}"


def _link(media: Path, folder: Path) -> str:
    try:
        relative = os.path.relpath(media.resolve(), folder.resolve())
    except ValueError:
        return media.resolve().as_uri()
    return quote(os.fsencode(Path(relative).as_posix()))
