"""Word cues: what is said, sentence by sentence."""

from affect_llm.config import Settings
from affect_llm.cues.extractor import CueExtractor
from affect_llm.cues.family import CueFamily
from affect_llm.cues.kinds import TEXT, CueKind, LineGroup
from affect_llm.cues.speech.transcriber import SPEECH as RECOGNISERS
from affect_llm.types import Modality


def _make(name: str, settings: Settings) -> CueExtractor:
    from affect_llm.cues.speech.extractor import SpeechCues

    words = SpeechCues(name, settings.language, settings.device)
    words.open()
    return words


SPEECH = CueFamily(
    name="speech",
    modality=Modality.TEXT,
    letter="T",
    called=("wording", "text"),
    # The embedded model was trained on prompts of so many lines.
    kinds=(
        CueKind(
            "words", Modality.TEXT, "words", "the words", TEXT, None, group=LineGroup("words", 12)
        ),
    ),
    extractors=RECOGNISERS,
    default=lambda _: "auto",
    make=_make,
    takes_weights=True,
    reads_given=True,
    entry="words",
)
"""The family of words: one extractor over any recogniser, which looks itself for the default."""
