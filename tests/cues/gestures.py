"""Hand gestures as another package would add them: all of them in this one file."""

from collections.abc import Sequence

from affect_llm.config import Settings
from affect_llm.cues.extractor import Extraction
from affect_llm.cues.family import CueFamily
from affect_llm.cues.kinds import PROBABILITY, SHARE_OF_TIME, CueKind, Unit
from affect_llm.cues.measurement import measured
from affect_llm.cues.scales import LIKELIHOOD, SHARE, Scale
from affect_llm.registry import Registry
from affect_llm.types import Clip, Modality, TimeSpan

VIGOUR = Scale(
    "vigour",
    ((0.2, "still"), (0.5, "gentle"), (0.8, "vivid"), (float("inf"), "vehement")),
    "made up for the test",
    absent=frozenset({"still"}),
)
_HANDS = Modality.VISUAL


class ToyGestures:
    """Says the same of every clip."""

    name = "toy"
    modality = _HANDS
    provenance = "toy@1#none"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def extract(self, clip: Clip, windows: Sequence[TimeSpan]) -> Extraction:
        """One measurement of every kind per window."""
        values = {"gesture.fist": 0.95, "gesture.away": 0.6, "gesture.vigour": 0.7,
                  "gesture.anger": 0.7}  # fmt: skip
        return Extraction(
            tuple(
                measured(name, value, span, 0.9, self.provenance)
                for span in windows
                for name, value in values.items()
            )
        )


GESTURES = CueFamily(
    name="gestures",
    modality=_HANDS,
    letter="G",
    kinds=(
        CueKind("gesture.fist", _HANDS, "gestures", "clenched fist", PROBABILITY, LIKELIHOOD),
        CueKind("gesture.away", _HANDS, "gestures", "turning of the hands", SHARE_OF_TIME, SHARE),
        CueKind("gesture.vigour", _HANDS, "gestures", "hand movement", Unit("m/s"), VIGOUR),
        CueKind(
            "gesture.anger",
            _HANDS,
            "gestures",
            "anger in the hands",
            PROBABILITY,
            LIKELIHOOD,
            score="anger",
        ),
    ),
    extractors=Registry("gesture extractors", {"toy": "gestures:ToyGestures"}),
    default=lambda _: "toy",
    associations={"anger": {"gesture.fist": 1.2}},
)
