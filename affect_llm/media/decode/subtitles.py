"""Text subtitle streams inside a file."""

from collections.abc import Iterator
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle

from affect_llm.media.decode.container import open_file, packets, seconds, text_streams
from affect_llm.media.decode.job import Budget, Item, Refusal


def subtitles(path: str, language: str | None, origin_s: float, budget: Budget) -> Iterator[Item]:
    """Items `{text, start_s, end_s, language}` of the stream in `language`, else of the first.

    Raises:
        Refusal: more characters than the budget allows.
    """
    characters = 0
    with open_file(path, budget) as container:
        stream = _choose(container, language)
        if stream is None:
            return
        for packet in packets(container, stream):
            text = "\n".join(_texts(packet))
            start_s = seconds(packet.pts, stream)
            if not text.strip() or start_s is None:
                continue
            characters += len(text)
            if characters > budget.max_text_chars:
                raise Refusal(
                    f"has subtitles of more than {budget.max_text_chars} characters; raise "
                    "limits.max_text_chars."
                )
            start_s = max(0.0, start_s - origin_s)
            end_s = start_s + max(0.0, seconds(packet.duration, stream) or 0.0)
            budget.check_time(end_s)
            times = {"start_s": start_s, "end_s": end_s}
            yield {"text": text, "language": stream.language, **times}, b""


def _choose(container: InputContainer, language: str | None) -> SubtitleStream | None:
    texts = text_streams(container)
    wanted = (language or "")[:2].lower()
    return next(
        (s for s in texts if wanted and (s.language or "").lower().startswith(wanted)),
        texts[0] if texts else None,
    )


def _texts(packet: "Packet[Any]") -> Iterator[str]:
    try:
        shown = list(packet.decode())
    except (av.FFmpegError, ValueError):
        return
    for subtitle in shown:
        if isinstance(subtitle, AssSubtitle):
            yield subtitle.dialogue.decode("utf-8", "replace")
