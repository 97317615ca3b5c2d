"""Rows as cue sheets, by the pipeline that answers them later; kept on disk, one file each."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from affect_llm import __version__
from affect_llm.config import Settings
from affect_llm.cues.choice import extractors_for
from affect_llm.encoders.cache import cache_root
from affect_llm.pipeline import Failure, Pipeline, Source
from affect_llm.reasoners.fake import FakeReasoner
from affect_llm.store.digests import sha256_of
from affect_llm.training.loop.checkpoints import write_whole
from affect_llm.training.sft.rows import Row
from affect_llm.training.sft.settings import SftSettings
from affect_llm.types import CueSheet

FOLDER = "cue-sheets"


def cue_settings(settings: SftSettings) -> Settings:
    """The pipeline's settings for the same cues."""
    names = ("modalities", "language", "face", "voice", "speech", "scene", "face_rate_hz", "device")
    return Settings(reasoner="fake", **{name: getattr(settings, name) for name in names})


def read_sheets(
    rows: Sequence[Row], settings: Settings, folder: Path | None = None
) -> Iterator[tuple[Row, CueSheet | str]]:
    """Each row with its sheet, or with the sentence that says why it has none; in order.

    Args:
        rows: of any part.
        settings: of the cues.
        folder: of the cache; None for the user's own.

    Raises:
        AffectError: an extractor that the settings name is not there.
    """
    cache = sheet_cache(settings, folder)
    pipeline = Pipeline(settings, FakeReasoner())
    known: dict[str, CueSheet] = {}
    size = settings.batch_size * 8
    for start in range(0, len(rows), size):
        batch = rows[start : start + size]
        known = {row.id: sheet for row in batch if (sheet := cache.get(row)) is not None}
        fresh = [row for row in batch if row.id not in known]
        outcomes = dict(zip([r.id for r in fresh], _extracted(pipeline, fresh), strict=True))
        for row in fresh:
            if isinstance(found := outcomes[row.id], CueSheet):
                cache.put(row, found)
        yield from ((row, known.get(row.id) or outcomes[row.id]) for row in batch)


class SheetCache:
    """A folder of cue sheets, by what they depend on: the row's bytes and words, the extractors.

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
        """Keep a sheet; written beside its place and renamed. Plain texts are not worth a file."""
        if row.path is None:
            return
        write_whole(self._path(row), sheet.model_dump_json().encode())

    def _path(self, row: Row) -> Path:
        content = sha256_of(Path(row.path)) if row.path else ""
        digest = sha256(f"{self.maker}\n{content}\n{row.text}".encode()).hexdigest()
        return self.folder / f"{digest}.json"


def sheet_cache(settings: Settings, folder: Path | None = None) -> SheetCache:
    """The cache that `read_sheets` looks into with the same arguments."""
    return SheetCache(folder or cache_root().with_name(FOLDER), _maker(settings))


def _extracted(pipeline: Pipeline, rows: Sequence[Row]) -> Iterator[CueSheet | str]:
    for outcome in pipeline.run(_source(row) for row in rows):
        yield outcome.message if isinstance(outcome, Failure) else outcome.sheet


def _source(row: Row) -> Source:
    return Source(path=Path(row.path) if row.path else None, text=row.text)


def _maker(settings: Settings) -> str:
    extractors, absent = extractors_for(settings)
    said = {"speech", "language", "window_s", "face_rate_hz", "limits"}
    parts: Mapping[str, object] = settings.model_dump(mode="json", include=said)
    names = [extractor.provenance for extractor in extractors]
    text = f"{__version__}\n{names}\n{absent}\n{parts}"
    return sha256(text.encode()).hexdigest()
