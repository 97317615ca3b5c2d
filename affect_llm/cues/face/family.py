"""Face cues: action units, expressions, gaze, head pose and blinking."""

from affect_llm.config import Settings
from affect_llm.cues.family import CueFamily
from affect_llm.cues.kinds import (
    DEGREES,
    EMOTIONS,
    FACS_0_5,
    OTHER,
    PROBABILITY,
    SHARE_OF_TIME,
    CueKind,
    LineGroup,
    Unit,
)
from affect_llm.cues.scales import ANGLE, DEVIATION, FACS, LIKELIHOOD, SHARE
from affect_llm.cues.words import CueWords
from affect_llm.registry import Registry
from affect_llm.types import Absence, Modality

ACTION_UNITS = {
    "AU01": "inner brow raiser",
    "AU02": "outer brow raiser",
    "AU04": "brow lowerer",
    "AU05": "upper lid raiser",
    "AU06": "cheek raiser",
    "AU07": "lid tightener",
    "AU09": "nose wrinkler",
    "AU10": "upper lip raiser",
    "AU12": "lip corner puller",
    "AU14": "dimpler",
    "AU15": "lip corner depressor",
    "AU17": "chin raiser",
    "AU18": "lip pucker",
    "AU20": "lip stretcher",
    "AU23": "lip tightener",
    "AU24": "lip pressor",
    "AU25": "lips part",
    "AU26": "jaw drop",
    "AU45": "blink",
}
"""FACS codes with their names (Ekman, Friesen, Hager 2002)."""
_OTHERS = {
    "gaze.averted": ("gaze", "gaze turned away", SHARE_OF_TIME, SHARE),
    "head.yaw": ("head", "head turned sideways", DEGREES, ANGLE),
    "head.pitch": ("head", "head tilted up or down", DEGREES, ANGLE),
    "head.roll": ("head", "head tilted to the side", DEGREES, ANGLE),
    "blink.rate": ("blink", "blink rate", Unit("per min", 0), DEVIATION),
}
_FACE = Modality.VISUAL
# The embedded model was trained on prompts of so many lines.
_UNITS, _EXPRESSIONS = LineGroup("action units", 6), LineGroup("expressions", 4)
# The prototypes of EMFACS (Ekman, Friesen 1983; Ekman, Friesen, Hager 2002).
_PROTOTYPES = {
    "happiness": {
        "AU06": 1.2, "AU12": 1.6, "AU25": 0.3, "AU04": -0.6, "AU15": -0.8, "AU09": -0.5,
    },
    "sadness": {
        "AU01": 1.0, "AU04": 0.7, "AU15": 1.4, "AU17": 0.9, "AU12": -1.2, "gaze.averted": 0.5,
    },
    "anger": {
        "AU04": 1.3, "AU05": 0.7, "AU07": 0.8, "AU10": 0.5, "AU23": 1.0, "AU24": 1.0,
        "AU12": -1.1,
    },
    "fear": {
        "AU01": 0.9, "AU02": 0.7, "AU04": 0.5, "AU05": 1.1, "AU20": 1.3, "AU26": 0.5,
        "AU12": -1.0, "blink.rate": 0.4,
    },
    "surprise": {
        "AU01": 1.0, "AU02": 1.2, "AU05": 1.1, "AU25": 0.4, "AU26": 1.2, "AU04": -0.6,
    },
    "disgust": {"AU09": 1.5, "AU10": 1.3, "AU15": 0.5, "AU17": 0.5, "AU12": -1.0},
    "calm": {"AU04": -0.6, "AU07": -0.4},
    "boredom": {"gaze.averted": 0.6},
    "positive": {"AU06": 1.0, "AU12": 1.4, "AU15": -0.8, "AU04": -0.6},
    "negative": {"AU04": 1.0, "AU15": 1.0, "AU09": 0.8, "AU12": -1.2},
}  # fmt: skip


def _default(settings: Settings) -> str | Absence:
    from affect_llm.cues.face.landmarked import choose_face

    return choose_face()


def _names_of(code: str, phrase: str) -> tuple[str, ...]:
    """A unit by its number, and its name as noun and verb ("lip pressor", "lip pressing")."""
    number = int(code[2:])
    stem = phrase.removesuffix("er").removesuffix("or")
    verbal = f"{stem}(?:er|or|ers|ors|ing)" if stem != phrase else phrase
    return (f"au ?0?{number}", f"action unit 0?{number}", verbal)


FACE: CueFamily = CueFamily(
    name="face",
    modality=_FACE,
    letter="F",
    called=("face",),
    kinds=(
        *(
            CueKind(code, _FACE, "face", phrase, FACS_0_5, FACS, code=code, group=_UNITS)
            for code, phrase in ACTION_UNITS.items()
        ),
        *(
            CueKind(
                f"face.{emotion}",
                _FACE,
                "face",
                f"{emotion} in the face",
                PROBABILITY,
                LIKELIHOOD,
                score=emotion,
                group=_EXPRESSIONS,
            )
            for emotion in EMOTIONS
        ),
        *(
            CueKind(
                name, _FACE, family, phrase, unit, scale, relative=scale is DEVIATION, group=OTHER
            )
            for name, (family, phrase, unit, scale) in _OTHERS.items()
        ),
    ),
    extractors=Registry(
        "face extractors",
        {
            "fake": "affect_llm.cues.face.fake:FakeFace",
            "light": "affect_llm.cues.face.light:LightFace",
            "mediapipe": "affect_llm.cues.face.landmarked:MediaPipeFace",
        },
    ),
    default=_default,
    make=lambda name, settings: FACE.extractors.get(name)(settings.face_rate_hz),
    associations=_PROTOTYPES,
    words=CueWords(heads={au: _names_of(au, name) for au, name in ACTION_UNITS.items()}),
)
"""The family of the face; its extractors are called with the frames to look at per second."""
