"""Word cues: the transcript that came with the clip, else what a recogniser hears."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import exp
from typing import Literal

from affect_llm.cues.extractor import Extraction
from affect_llm.cues.speech.openai_whisper import SIZES
from affect_llm.cues.speech.recognition import recognise
from affect_llm.cues.speech.registry import SPEECH
from affect_llm.cues.speech.sentences import pieces_of, segments_of
from affect_llm.cues.speech.transcriber import Transcriber
from affect_llm.errors import AffectError
from affect_llm.store.cache import locate
from affect_llm.types import Absence, Clip, Measurement, Modality, TimeSpan, TranscriptSegment

REMEDY = (
    "give the words with --text or a subtitle file beside the clip, or: pip install "
    "'affect_llm[whisper]' and affect-llm models pull whisper-base"
)


@dataclass(frozen=True, slots=True)
class ClipTranscript:
    """The words of a clip, how sure each is (0 to 1), and what is missing."""

    segments: tuple[TranscriptSegment, ...] = ()
    confidences: tuple[float, ...] = ()
    absent: tuple[Absence, ...] = ()


class SpeechCues:
    """One "words" measurement per sentence.

    Args:
        speech: "auto" (openai-whisper, where package and weights are there), "off", or
            NAME[:WEIGHTS] with a name of the registry and a size or a path.
        language: a code to expect, None to find out.
        device: "auto", or as PyTorch names it.

    Raises:
        UnknownComponent: no such recogniser.
    """

    name = "speech"
    modality = Modality.TEXT
    provenance = "speech@1"

    def __init__(
        self, speech: str = "auto", language: str | None = None, device: str = "auto"
    ) -> None:
        self._name, _, self._weights = speech.partition(":")
        self._language = language
        self._device = device
        self._factory = None if self._name in ("auto", "off") else SPEECH.get(self._name)
        self._transcriber: Transcriber | None = None

    def open(self) -> None:
        """Load the recogniser that was named, so that what is wrong with it is known early.

        Raises:
            MissingExtra, WeightsError: it cannot be had.
        """
        if self._factory is not None:
            self._ready()

    def extract(self, clip: Clip, windows: Sequence[TimeSpan]) -> Extraction:
        """Sentences of `clip`, each within one of `windows`."""
        said = self.said(clip)
        measurements = []
        for segment, confidence in zip(said.segments, said.confidences, strict=True):
            for piece in pieces_of([segment]):
                span = within(piece.span, windows)
                if span is not None:
                    measurements.append(self._measurement(piece, span, confidence))
        return Extraction(tuple(measurements), said.absent)

    def said(self, clip: Clip) -> ClipTranscript:
        """The transcript of `clip`, or what is heard in it, or why there is none."""
        given = tuple(s for s in clip.transcript if s.text.strip())
        if given:
            return ClipTranscript(given, (1.0,) * len(given))
        if self._name == "off":
            return _nothing("not_asked", "speech recognition is switched off", None)
        if clip.source is None or Modality.AUDIO not in clip.modalities:
            return _nothing("absent", "no transcript came with the clip, and it has no sound", None)
        try:
            transcriber = self._ready()
        except AffectError as error:
            return _nothing("failed", str(error), REMEDY)
        if transcriber is None:
            reason = "no transcript came with the clip and no speech recogniser is installed"
            return _nothing("absent", reason, REMEDY)
        return self._heard(clip, transcriber)

    def _heard(self, clip: Clip, transcriber: Transcriber) -> ClipTranscript:
        heard = tuple(recognise(clip, transcriber, self._language))
        if not heard:
            return _nothing("absent", "no speech was recognised in the sound", None)
        pairs = [
            (segment, min(1.0, exp(h.mean_logprob)))
            for h in heard
            for segment in segments_of(h, transcriber.provenance)
        ]
        return ClipTranscript(tuple(s for s, _ in pairs), tuple(c for _, c in pairs))

    def _ready(self) -> Transcriber | None:
        if self._transcriber is None:
            if self._factory is not None:
                self._transcriber = self._factory(self._weights or None, self._device)
            elif find_spec("whisper") and any(locate(f"whisper-{size}") for size in SIZES):
                self._transcriber = SPEECH.get("openai-whisper")(None, self._device)
        return self._transcriber

    def _measurement(
        self, piece: TranscriptSegment, span: TimeSpan, confidence: float
    ) -> Measurement:
        return Measurement(
            modality=Modality.TEXT,
            family="words",
            name="words",
            value=piece.text,
            unit="text",
            span=span,
            confidence=confidence,
            source=f"{self.provenance}#{piece.source}",
        )


def within(span: TimeSpan, windows: Sequence[TimeSpan]) -> TimeSpan | None:
    """The part of `span` in the window that holds most of it; None where none touches it."""
    best: TimeSpan | None = None
    for window in windows:
        start_s = max(span.start_s, window.start_s)
        end_s = min(span.end_s, window.end_s)
        if end_s >= start_s and (best is None or end_s - start_s > best.duration_s):
            best = TimeSpan(start_s=start_s, end_s=end_s)
    return best


def _nothing(
    state: Literal["absent", "failed", "not_asked"], reason: str, remedy: str | None
) -> ClipTranscript:
    absence = Absence(
        modality=Modality.TEXT, family="words", state=state, reason=reason, remedy=remedy
    )
    return ClipTranscript(absent=(absence,))
