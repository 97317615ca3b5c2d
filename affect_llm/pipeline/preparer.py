"""From a source to its cues and features, before anyone is asked about them."""

from affect_llm.adapters.tracks import TrackReader, with_absences
from affect_llm.config import Settings
from affect_llm.cues.catalogue import number_cues
from affect_llm.cues.extractor import Extraction
from affect_llm.cues.families import extractors_for
from affect_llm.errors import AffectError, ConfigError
from affect_llm.media.load import load_clip, text_clip
from affect_llm.pipeline.clip_media import MediaReader
from affect_llm.pipeline.clips import Prepared, Source, split_windows
from affect_llm.types import Absence, Clip, CueSheet, TimeSpan


class Preparer:
    """Holds the extractors and encoders of one run, loaded once; no model is asked.

    Args:
        settings: which cues to look for, and in what windows.
        reader: reads the features; None where no road needs any.

    Raises:
        ConfigError, UnknownComponent, MissingExtra, WeightsError: the settings ask for what is
            not there.
    """

    def __init__(self, settings: Settings, reader: TrackReader | None = None) -> None:
        self.settings = settings
        self.reader = reader
        self.media: MediaReader | None = None
        """The reader of pictures and sound; set where the model takes them."""
        self.extractors, self.known_absent = extractors_for(settings)

    @property
    def provenances(self) -> tuple[str, ...]:
        """Where the extractors, then the encoders come from."""
        encoders = () if self.reader is None else self.reader.provenances
        return (*(extractor.provenance for extractor in self.extractors), *encoders)

    def prepare(self, source: Source) -> Prepared:
        """The cues and features of a source.

        Raises:
            AffectError: it cannot be read.
        """
        clip = self.open_clip(source)
        sheet = self.cues(clip)
        features = None
        if self.reader is not None:
            features = self.reader.features(clip, self.settings.modalities)
            sheet = with_absences(sheet, features)
        if self.media is not None:
            sheet = self.media.with_absences(sheet, clip)
        return Prepared(
            clip_id=clip.id,
            name=clip.name,
            duration_s=clip.duration_s,
            transcript=clip.transcript,
            sheet=sheet,
            windows=self._windows(clip),
            features=features,
            media=None if self.media is None else self.media.media(clip),
        )

    def open_clip(self, source: Source) -> Clip:
        """The source's clip, of which nothing is measured yet.

        Raises:
            AffectError: it cannot be read.
        """
        limits, language = self.settings.limits, self.settings.language
        if source.path is not None:
            return load_clip(source.path, transcript=source.text, language=language, limits=limits)
        if source.text is None:
            raise ConfigError("There is nothing to explain: give a file or a text.")
        return text_clip(source.text, language=language, limits=limits)

    def cues(self, clip: Clip) -> CueSheet:
        """The cues of a clip from `open_clip`, without entries for tracks of features."""
        windows = self._windows(clip)
        extractions = []
        for extractor in self.extractors:
            try:
                extractions.append(extractor.extract(clip, windows))
            except AffectError as error:
                why = Absence(modality=extractor.modality, state="failed", reason=str(error))
                extractions.append(Extraction(absent=(why,)))
        sheet = number_cues(extractions)
        # The first reason for an absence counts: the settings' before the clip's.
        present = {cue.modality for cue in sheet.cues}
        entries: dict[tuple[str, str | None], Absence] = {}
        for entry in (*self.known_absent.absent, *clip.absent, *sheet.absent):
            # A modality that has cues after all is not absent as a whole.
            whole = entry.family is None and entry.state == "absent"
            if not (whole and entry.modality in present):
                entries.setdefault((entry.modality, entry.family), entry)
        return CueSheet(cues=sheet.cues, absent=tuple(entries.values()))

    def _windows(self, clip: Clip) -> tuple[TimeSpan, ...]:
        return split_windows(clip.duration_s, self.settings.window_s)
