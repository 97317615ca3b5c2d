"""Every kind of cue there is: its name, unit, scale and the words for it.

Extractors measure these, prompts print them, the checker knows what may be said of them.
"""

from dataclasses import dataclass

from affect_llm.cues.scales import ANGLE, BIPOLAR, DEVIATION, FACS, LIKELIHOOD, SHARE, Scale
from affect_llm.errors import UnknownComponent
from affect_llm.registry import unknown_name
from affect_llm.types import Measurement, Modality

EMOTIONS = (
    "anger",
    "calm",
    "disgust",
    "fear",
    "happiness",
    "neutral",
    "sadness",
    "surprise",
)
"""What face and voice heads score; a head may leave some out."""


@dataclass(frozen=True, slots=True)
class CueKind:
    """A kind of cue.

    Args:
        name: unique; the prefix before a dot groups kinds ("pitch.mean").
        family: face, gaze, head, blink, prosody, voice, words, scene.
        letter: first letter of the cue ids.
        phrase: a noun phrase for sentences ("lip corner puller").
        unit: of the value.
        scale: words for the value, or for its deviation from the baseline where `relative`.
        relative: whether words describe the deviation instead of the value.
    """

    name: str
    modality: Modality
    family: str
    letter: str
    phrase: str
    unit: str
    scale: Scale | None
    relative: bool = False


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
_PROSODY = {
    "pitch.mean": ("pitch", "Hz"),
    "pitch.range": ("pitch range", "st"),
    "pitch.slope": ("pitch slope", "st/s"),
    "loudness": ("loudness", "dB"),
    "loudness.range": ("loudness range", "dB"),
    "speech.rate": ("speaking rate", "syll/s"),
    "pause.share": ("pausing", "share"),
    "jitter": ("jitter", "%"),
    "shimmer": ("shimmer", "dB"),
    "hnr": ("harmonics-to-noise ratio", "dB"),
    "spectral.balance": ("spectral balance", "dB"),
}


def _visual(name: str, family: str, phrase: str, unit: str, scale: Scale) -> CueKind:
    return CueKind(name, Modality.VISUAL, family, "F", phrase, unit, scale)


def _audio(name: str, family: str, phrase: str, unit: str, scale: Scale, rel: bool) -> CueKind:
    return CueKind(name, Modality.AUDIO, family, "V", phrase, unit, scale, rel)


KINDS: dict[str, CueKind] = {
    kind.name: kind
    for kind in (
        *(_visual(au, "face", phrase, "FACS 0-5", FACS) for au, phrase in ACTION_UNITS.items()),
        *(_visual(f"face.{e}", "face", f"{e} in the face", "p", LIKELIHOOD) for e in EMOTIONS),
        _visual("gaze.averted", "gaze", "gaze turned away", "share", SHARE),
        _visual("head.yaw", "head", "head turned sideways", "deg", ANGLE),
        _visual("head.pitch", "head", "head tilted up or down", "deg", ANGLE),
        _visual("head.roll", "head", "head tilted to the side", "deg", ANGLE),
        CueKind(
            "blink.rate", Modality.VISUAL, "blink", "F", "blink rate", "per min", DEVIATION, True
        ),
        *(_audio(n, "prosody", p, u, DEVIATION, True) for n, (p, u) in _PROSODY.items()),
        _audio("voice.arousal", "voice", "vocal arousal", "-1..1", BIPOLAR, False),
        _audio("voice.valence", "voice", "vocal valence", "-1..1", BIPOLAR, False),
        *(
            _audio(f"voice.{e}", "voice", f"{e} in the voice", "p", LIKELIHOOD, False)
            for e in EMOTIONS
        ),
        CueKind("words", Modality.TEXT, "words", "T", "the words", "text", None),
        CueKind("scene", Modality.VISUAL, "scene", "S", "the scene", "text", None),
    )
}


def kind_of(name: str) -> CueKind:
    """The kind called `name`.

    Raises:
        UnknownComponent: no such kind.
    """
    if name not in KINDS:
        raise UnknownComponent(unknown_name("kinds of cue", name, KINDS))
    return KINDS[name]


def word_of(measurement: Measurement) -> str | None:
    """The scale word for a measurement, e.g. "high"; None for words and scene labels.

    A relative kind without a baseline has no word either: nothing says what is high.
    """
    kind = kind_of(measurement.name)
    if kind.scale is None or isinstance(measurement.value, str):
        return None
    number = measurement.deviation if kind.relative else measurement.value
    return None if number is None else kind.scale.word(number)
