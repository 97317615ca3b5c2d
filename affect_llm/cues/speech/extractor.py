"""Word cues: the transcript that came with the clip, else what a recogniser hears."""

from collections.abc import Sequence
from importlib.util import find_spec
from math import exp
from typing import Literal

from affect_llm.cues.extractor import Extraction
from affect_llm.cues.measurement import measured, nothing
from affect_llm.cues.speech.openai_whisper import SIZES
from affect_llm.cues.speech.recognition import recognise
from affect_llm.cues.speech.sentences import pieces_of, segments_of
from affect_llm.cues.speech.transcriber import SPEECH, Transcriber
from affect_llm.errors import AffectError
from affect_llm.store.cache import locate
from affect_llm.types import Clip, Modality, TimeSpan, TranscriptSegment

REMEDY = (
    "give the words with --text or a subtitle file beside the clip, or: pip install "
    "'affect_llm[whisper]' and affect-llm models pull whisper-base"
)


class SpeechCues:
    """An extractor that gives one "words" measurement per sentence.

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
        transcript = self.transcript(clip)
        if isinstance(transcript, Extraction):
            return transcript
        measurements = [
            measured("words", piece.text, span, confidence, f"{self.provenance}#{piece.source}")
            for segment, confidence in transcript
            for piece in pieces_of([segment])
            if (span := within(piece.span, windows)) is not None
        ]
        return Extraction(tuple(measurements))

    def transcript(self, clip: Clip) -> tuple[tuple[TranscriptSegment, float], ...] | Extraction:
        """Segments of the clip's transcript or of what is heard in it, each with how sure it is.

        An extraction without measurements says why there are none.
        """
        given = tuple((segment, 1.0) for segment in clip.transcript if segment.text.strip())
        if given:
            return given
        if self._name == "off":
            return _none("speech recognition is switched off", "not_asked", remedy=None)
        if clip.source is None or Modality.AUDIO not in clip.modalities:
            return _none("no transcript came with the clip, and it has no sound", remedy=None)
        try:
            transcriber = self._ready()
        except AffectError as error:
            return _none(str(error), "failed")
        if transcriber is None:
            return _none("no transcript came with the clip and no speech recogniser is installed")
        recognised = tuple(
            (segment, min(1.0, exp(stretch.mean_logprob)))
            for stretch in recognise(clip, transcriber, self._language)
            for segment in segments_of(stretch, transcriber.provenance)
        )
        return recognised or _none("no speech was recognised in the sound", remedy=None)

    def _ready(self) -> Transcriber | None:
        if self._transcriber is None:
            if self._factory is not None:
                self._transcriber = self._factory(self._weights or None, self._device)
            elif find_spec("whisper") and any(locate(f"whisper-{size}") for size in SIZES):
                self._transcriber = SPEECH.get("openai-whisper")(None, self._device)
        return self._transcriber


def within(span: TimeSpan, windows: Sequence[TimeSpan]) -> TimeSpan | None:
    """The part of `span` in the window that holds most of it; None where none touches it."""
    best: TimeSpan | None = None
    for window in windows:
        start_s = max(span.start_s, window.start_s)
        end_s = min(span.end_s, window.end_s)
        if end_s >= start_s and (best is None or end_s - start_s > best.duration_s):
            best = TimeSpan(start_s=start_s, end_s=end_s)
    return best


def _none(
    reason: str,
    state: Literal["absent", "failed", "not_asked"] = "absent",
    *,
    remedy: str | None = REMEDY,
) -> Extraction:
    return nothing(Modality.TEXT, ("words",), reason, state=state, remedy=remedy)
