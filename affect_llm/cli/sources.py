"""What the command line names becomes what the pipeline explains."""

from collections.abc import Sequence
from pathlib import Path

from affect_llm.errors import ConfigError
from affect_llm.pipeline import Source


def sources_of(files: Sequence[Path], text: str | None) -> list[Source]:
    """One source per file; `text` alone is a source, with one file its transcript.

    Raises:
        ConfigError: nothing was given, an empty text, or a text with several files.
    """
    if text is not None and not text.strip():
        raise ConfigError("--text is empty; give the words to explain.")
    if text is None and not files:
        raise ConfigError("Nothing to explain: give at least one file, or --text '…'.")
    if text is not None and len(files) > 1:
        raise ConfigError(
            f"--text is the transcript of one file, and {len(files)} files were given; "
            "run them one by one, or lay a .srt beside each."
        )
    if text is not None:
        return [Source(path=files[0] if files else None, text=text)]
    return [Source(path=file) for file in files]
