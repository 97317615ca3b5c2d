"""Cue sheets of rows on disk, by what they depend on: extracting them is most of a run's start."""

from hashlib import sha256
from pathlib import Path

from affect_llm import __version__
from affect_llm.encoders.cache import cache_root
from affect_llm.files import write_whole
from affect_llm.pipeline import Preparer
from affect_llm.store.digests import sha256_of
from affect_llm.training.sft.rows import Row
from affect_llm.types import CueSheet

FOLDER = "cue-sheets"
"""Beside the cache of features, in the user's cache folder."""


class SheetCache:
    """A folder of cue sheets, by the row's bytes and words and the extractors.

    Args:
        folder: made when first written to.
        maker: digest of extractors and settings.
    """

    def __init__(self, folder: Path, maker: str) -> None:
        self.folder = folder
        self.maker = maker

    def get(self, row: Row) -> CueSheet | None:
        """What `put` kept; a file that cannot be read counts as not there."""
        try:
            return CueSheet.model_validate_json(self._path(row).read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, row: Row, sheet: CueSheet) -> None:
        """Keep the sheet of a file's row; a plain text is read again as fast as its sheet."""
        if row.path is not None:
            write_whole(self._path(row), sheet.model_dump_json(), durable=False)

    def _path(self, row: Row) -> Path:
        content = sha256_of(Path(row.path)) if row.path else ""
        digest = sha256(f"{self.maker}\n{content}\n{row.text}".encode()).hexdigest()
        return self.folder / f"{digest}.json"


def sheet_cache(preparer: Preparer) -> SheetCache:
    """The user's own cache of what this preparer's extractors find under its settings."""
    parts = preparer.settings.model_dump(
        mode="json", include={"speech", "language", "window_s", "face_rate_hz", "limits"}
    )
    names = [extractor.provenance for extractor in preparer.extractors]
    text = f"{__version__}\n{names}\n{preparer.known_absent}\n{parts}"
    return SheetCache(cache_root().with_name(FOLDER), sha256(text.encode()).hexdigest())
