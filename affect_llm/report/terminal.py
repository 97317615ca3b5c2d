"""A result for a person at a terminal; plain text when piped."""

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.style import Style
from rich.text import Text

from affect_llm.report import words
from affect_llm.report.lanes import lanes_of
from affect_llm.report.terminal_timeline import COLOURS, timeline
from affect_llm.types import Cue, EmotionResult, Sentence, TimeSpan

_SHOWN_BARS = 7
"""As many bars as Ekman's six emotions and neutral, the default labels, need."""


def print_result(
    result: EmotionResult,
    media: Path | None = None,
    *,
    file: TextIO | None = None,
    width: int | None = None,
) -> None:
    """Print `result`; times link to `media` where the terminal follows links.

    Args:
        result: what to print.
        media: the file it is about; None for a text typed in.
        file: where to; stdout if None.
        width: columns; the terminal's own (80 when piped) if None.
    """
    console = PipedConsole(file=file, width=width, highlight=False)
    for block in blocks(result, media, console.width):
        console.print(harmless(block))


class PipedConsole(Console):
    """Leaves a reader that goes away to the command line instead of ending the process."""

    def on_broken_pipe(self) -> None:
        """Raise what the command line ends on quietly."""
        raise BrokenPipeError


def harmless(text: Text) -> Text:
    """The same text with control characters replaced, so that no words can steer a terminal."""
    text.plain = "".join(
        c if c == "\n" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text.plain
    )
    return text


def blocks(result: EmotionResult, media: Path | None, width: int) -> list[Text]:
    """The parts of the answer from top to bottom, those with nothing to say left out."""
    parts = [
        _headline(result),
        _titled("", [sentence_line(sentence, media) for sentence in result.explanation]),
        _verdicts(result),
        _bars(result, width),
        timeline(result, width),
        _cited(result),
        _windows(result, media),
        _missing(result),
        Text(f"\n{words.NOTICE}", style="dim"),
    ]
    return [part for part in parts if part.plain]


def _headline(result: EmotionResult) -> Text:
    verdict = words.verdict_of(result)
    length = f"  {words.clock(result.duration_s)}" if result.duration_s else ""
    text = Text.assemble((result.clip_name, "bold"), (length, "dim"), "\n")
    text.append(verdict.headline, style="bold green" if verdict.given else "bold yellow")
    text.append(f": {verdict.detail}" if verdict.given else f". {verdict.detail}")
    for name, value in (("valence", result.valence), ("arousal", result.arousal)):
        text.append("" if value is None else f"  {name} {value:+.2f}", style="dim")
    if verdict.given and result.open_labels:
        text.append(f"\nIn other words: {', '.join(result.open_labels)}", style="dim")
    return text


def _titled(title: str, lines: Sequence[Text]) -> Text:
    """A title with lines below it; nothing at all without lines."""
    text = Text(f"\n{title}" if lines and title else "", style="bold" if title else "")
    for line in lines:
        text.append("\n").append_text(line)
    return text


def sentence_line(sentence: Sentence, media: Path | None) -> Text:
    """A sentence with its cues and time; marked and struck out where it does not hold."""
    mark = words.mark_of(sentence)
    text = Text("  ? " if mark else "  • ", style="yellow" if mark else "")
    text.append(sentence.text, style="dim strike" if mark else "")
    if sentence.cue_ids:
        text.append(f" [{', '.join(sentence.cue_ids)}]", style="dim")
    if sentence.span is not None and sentence.span.end_s > 0:
        text.append(" ")
        text.append_text(_link(sentence.span, media))
    if mark:
        text.append(f" (not shown as fact: {mark})", style="yellow")
    return text


def _link(span: TimeSpan, media: Path | None) -> Text:
    if media is None:
        return Text(words.span_words(span), style="blue")
    target = f"{media.resolve().as_uri()}#t={span.start_s:.1f}"
    return Text(words.span_words(span), style=Style(color="blue", link=target))


def _verdicts(result: EmotionResult) -> Text:
    text = Text()
    if result.modality_verdicts:
        text.append("\nEach on its own:", style="bold")
    for modality, label in result.modality_verdicts.items():
        text.append(f"  {modality} ")
        text.append(label, style=COLOURS[modality])
    if result.conflict.present:
        text.append(f"\nConflict: {words.conflict_words(result.conflict)}", style="yellow")
    return text


def _bars(result: EmotionResult, width: int) -> Text:
    text = Text()
    if not result.distribution:
        return text
    ranked = sorted(result.distribution.items(), key=lambda pair: -pair[1])[:_SHOWN_BARS]
    margin = max(len(label) for label, _ in ranked)
    room = max(4, min(40, width - margin - 10))
    for label, p in ranked:
        bar = "█" * round(p * room) or "▏"
        text.append(f"\n  {label:<{margin}} ", style="")
        text.append(f"{bar:<{room}}", style="green" if label in result.labels[:1] else "dim")
        text.append(f" {p:4.2f}")
    left_out = len(result.distribution) - len(ranked)
    text.append(f"\n  and {left_out} more, each below" if left_out else "", style="dim")
    return text


def _cited(result: EmotionResult) -> Text:
    cited = {cue_id for sentence in result.explanation for cue_id in sentence.cue_ids}
    lanes = lanes_of([cue for cue in result.sheet.cues if cue.id in cited])
    return _titled("Evidence cited:", [_cue(cue) for lane in lanes for cue in lane.cues])


def _cue(cue: Cue) -> Text:
    text = Text.assemble("  ", (f"{cue.id:<4}", COLOURS[cue.modality]), words.describe(cue))
    measured = words.quantity(cue)
    text.append(f" ({measured})" if measured else "", style="dim")
    person = f", {cue.person}" if cue.person else ""
    when = f" {words.span_words(cue.span)}" if cue.span.end_s > 0 else ""
    return text.append(f"{when}{person}", style="dim")


def _windows(result: EmotionResult, media: Path | None) -> Text:
    lines = []
    for window in result.windows:
        number = "" if window.confidence is None else f" ({window.confidence:.2f})"
        verdict = f"  {window.label or 'not enough evidence'}{number}"
        lines.append(Text("  ").append_text(_link(window.span, media)).append(verdict))
    return _titled("Window by window:", lines)


def _missing(result: EmotionResult) -> Text:
    lines = []
    for absence in result.sheet.absent:
        name = absence.family or str(absence.modality)
        state = absence.state.replace("_", " ")
        lines.append(Text(f"  {name}: {state}, {absence.reason}"))
        if absence.remedy:
            lines.append(Text(f"    → {absence.remedy}", style="cyan"))
    return _titled("Missing:", lines)
