"""Which extractors a run uses, from its settings."""

from affect_llm.config import Settings
from affect_llm.cues.extractor import CueExtractor, Extraction
from affect_llm.cues.names import AUTO, OFF, check_names
from affect_llm.errors import ConfigError, MissingExtra, WeightsError
from affect_llm.types import Absence, Modality

WORDS = "words"


def extractors_for(settings: Settings) -> tuple[list[CueExtractor], Extraction]:
    """The extractors of a run, and what is absent before a clip is opened, and why.

    Raises:
        UnknownComponent: a setting names an extractor that does not exist.
        ConfigError: nothing at all was asked for.
    """
    check_names(settings)
    chosen: list[CueExtractor] = []
    absent: list[Absence] = [
        Absence(modality=m, state="not_asked", reason="it was left out of this run")
        for m in (Modality.TEXT, Modality.AUDIO, Modality.VISUAL)
        if m not in settings.modalities
    ]
    for modality, family, choice in _asked(settings):
        if choice == OFF and family != WORDS:  # words that came with a clip need no recogniser
            absent.append(_switched_off(modality, family))
            continue
        extractor = _made(modality, family, choice, settings)
        if isinstance(extractor, Absence):
            absent.append(extractor)
        else:
            chosen.append(extractor)
    if not settings.modalities:
        raise ConfigError("No modality was asked for; allowed are text, audio and visual.")
    return chosen, Extraction(absent=tuple(absent))


def _asked(settings: Settings) -> list[tuple[Modality, str, str]]:
    families = [
        (Modality.TEXT, WORDS, settings.speech),
        (Modality.AUDIO, "voice", settings.voice),
        (Modality.VISUAL, "face", settings.face),
        (Modality.VISUAL, "scene", settings.scene),
    ]
    return [row for row in families if row[0] in settings.modalities]


def _made(
    modality: Modality, family: str, choice: str, settings: Settings
) -> CueExtractor | Absence:
    """What "auto" cannot have is absent, with the reason; what a person named is an error."""
    try:
        return _make(family, choice, settings)
    except (MissingExtra, WeightsError) as error:
        if choice != AUTO:
            raise
        return Absence(modality=modality, family=family, state="failed", reason=str(error))


def _make(family: str, choice: str, settings: Settings) -> CueExtractor | Absence:
    if family == "face":
        return _face(choice, settings)
    if family == "voice":
        from affect_llm.cues.voice.registry import VOICE

        return VOICE.get("light" if choice == AUTO else choice)()
    if family == WORDS:
        from affect_llm.cues.speech.extractor import SpeechCues

        words = SpeechCues(choice, settings.language, settings.device)
        words.open()
        return words
    from affect_llm.cues.scene.registry import SCENE

    return SCENE.get("open-clip" if choice == AUTO else choice)()


def _face(choice: str, settings: Settings) -> CueExtractor | Absence:
    from affect_llm.cues.face.choice import choose_face
    from affect_llm.cues.face.registry import FACE

    name = choose_face() if choice == AUTO else choice
    return name if isinstance(name, Absence) else FACE.get(name)(settings.face_rate_hz)


def _switched_off(modality: Modality, family: str) -> Absence:
    return Absence(
        modality=modality, family=family, state="not_asked", reason="it was switched off"
    )
