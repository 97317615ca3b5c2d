"""The answer to a question about a clip, for a person at a terminal."""

from pathlib import Path

from rich.text import Text

from affect_llm.report.terminal import PipedConsole, harmless, sentence_line
from affect_llm.types import Reply


def print_reply(reply: Reply, media: Path | None) -> None:
    """Print `reply`: facts, sentences with their cues and times, and what the cues do not say.

    Args:
        reply: what to print.
        media: the clip's file, which times link to where the terminal follows links.
    """
    lines = [Text(f"  • {fact.text}") for fact in reply.facts]
    lines += [sentence_line(sentence, media) for sentence in reply.sentences]
    lines += [Text(f"  – {reason}", style="yellow") for reason in reply.reasons]
    if reply.unparsed is not None:
        lines.append(Text(f"  ? The model's answer could not be read: {reply.unparsed}", "yellow"))
    if reply.forgotten:
        turns = "turn" if reply.forgotten == 1 else "turns"
        lines.append(Text(f"  (without the oldest {reply.forgotten} {turns})", style="dim"))
    console = PipedConsole(highlight=False)
    for line in lines:
        console.print(harmless(line))
