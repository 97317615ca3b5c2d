"""Made-up but repeatable face cues, for demos and tests without weights."""

from collections.abc import Sequence
from hashlib import sha256

from affect_llm.cues.extractor import Extraction
from affect_llm.cues.face.layout import EXPRESSIONS
from affect_llm.cues.measurement import measured, nothing
from affect_llm.types import Clip, Modality, TimeSpan

_SIGNS = {"happiness": "AU12", "sadness": "AU15", "anger": "AU04", "surprise": "AU02"}


class FakeFace:
    """One person per clip with one expression, drawn from the clip's id.

    Args:
        rate_hz: taken for the family's sake; nothing is decoded.
    """

    name = "fake"
    modality = Modality.VISUAL
    provenance = "face.fake@1#none"

    def __init__(self, rate_hz: float = 4.0) -> None:
        self.rate_hz = rate_hz

    def extract(self, clip: Clip, windows: Sequence[TimeSpan]) -> Extraction:
        """The same measurements in every window of a clip that has pictures."""
        if Modality.VISUAL not in clip.modalities:
            return nothing(Modality.VISUAL, ("face",), "the clip has no pictures")
        feelings = sorted(_SIGNS)
        feeling = feelings[sha256(clip.id.encode()).digest()[0] % len(feelings)]
        rest = 0.4 / (len(EXPRESSIONS) - 1)
        values = {_SIGNS[feeling]: 3.0}
        values |= {f"face.{name}": 0.6 if name == feeling else rest for name in EXPRESSIONS}
        return Extraction(
            tuple(
                measured(name, value, window, 1.0, self.provenance, person="P1")
                for window in windows
                for name, value in values.items()
            )
        )
