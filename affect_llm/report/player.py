"""The medium on a page: inside the file while it is small, beside it when it is not."""

import os
from base64 import b64encode
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import quote

EMBED_BYTES = 25 * 1024**2
"""A file up to this size is written into the report; a larger one is linked."""
_TAGS = {"video": "video", "audio": "audio", "image": "img"}
_PLAYED_AS = {"video/quicktime": "video/mp4", "audio/x-wav": "audio/wav"}
"""Types that browsers refuse by name, and the name under which they play the same bytes."""


@dataclass(frozen=True, slots=True)
class Medium:
    """What a page plays or shows: the element's name, its source, and the file's name."""

    tag: str
    source: str
    name: str
    linked: bool


def medium_of(media: Path | None, folder: Path) -> Medium | None:
    """The medium of a page that will lie in `folder`; None for a text."""
    if media is None or not media.is_file():
        return None
    kind = guess_type(media.name)[0] or ""
    tag = _TAGS.get(kind.partition("/")[0])
    if tag is None:
        return None
    linked = media.stat().st_size > EMBED_BYTES
    if linked:
        return Medium(tag, _link(media, folder), media.name, linked)
    payload = b64encode(media.read_bytes()).decode("ascii")
    source = f"data:{_PLAYED_AS.get(kind, kind)};base64,{payload}"
    return Medium(tag, source, media.name, linked)


def _link(media: Path, folder: Path) -> str:
    try:
        relative = os.path.relpath(media.resolve(), folder.resolve())
    except ValueError:  # on another drive of Windows
        return media.resolve().as_uri()
    return quote(os.fsencode(Path(relative).as_posix()))
