"""Text subtitle streams inside a file."""

from collections.abc import Iterator

from av.subtitles.subtitle import AssSubtitle

from affect_llm.media.decode.container import decode, open_file, packets, seconds, text_streams
from affect_llm.media.decode.job import Budget, Item, Refusal


def subtitles(path: str, language: str | None, origin_s: float, budget: Budget) -> Iterator[Item]:
    """Items `{text, start_s, end_s, language}` of the stream in `language`, else of the first.

    Raises:
        Refusal: more characters than the budget allows.
    """
    characters = 0
    with open_file(path, budget) as container:
        streams = text_streams(container)
        wanted = (language or "")[:2].lower()
        fitting = [s for s in streams if wanted and (s.language or "").lower().startswith(wanted)]
        if not streams:
            return
        stream = (fitting or streams)[0]
        for packet in packets(container, stream):
            shown = (s for s in decode(packet) if isinstance(s, AssSubtitle))
            text = "\n".join(s.dialogue.decode("utf-8", "replace") for s in shown)
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
