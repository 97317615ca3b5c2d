"""What every registered extractor of cues promises."""

import math
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from affect_llm.config import MediaLimits
from affect_llm.cues.catalogue import kind_of, word_of
from affect_llm.cues.extractor import CueExtractor, Extraction
from affect_llm.cues.face import landmarked
from affect_llm.cues.face.family import FACE
from affect_llm.cues.scene.clip_model import descriptions
from affect_llm.cues.scene.family import SCENE
from affect_llm.cues.speech.extractor import SpeechCues
from affect_llm.cues.speech.transcriber import SPEECH
from affect_llm.cues.voice.family import VOICE
from affect_llm.errors import MissingExtra, WeightsError
from affect_llm.media.load import load_clip
from affect_llm.store.cache import locate
from affect_llm.types import AUDIO_RATE_HZ, AudioWindow, Clip, Frame, Modality, TimeSpan

sys.path.append(str(Path(__file__).parents[1] / "cues" / "speech"))
from tiny_whisper import openai_checkpoint, transformers_folder

MODEL = "shared/data/weights/mediapipe_face_landmarker/face_landmarker.task"
LANDMARKER = Path(__file__).parents[3] / MODEL
"""MediaPipe's weight in the development data, for where the store has none."""
DEMO = Path(__file__).parents[2] / "examples" / "demo.mp4"
PROVENANCE = re.compile(r"[^@#\s]+@[^@#\s]+#\S.*")
# The package openai-whisper leaves its vocabulary open.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
CASES = [
    *(("face", name) for name in FACE.extractors.names()),
    *(("voice", name) for name in VOICE.extractors.names()),
    *(("speech", name) for name in SPEECH.names()),
    *(("scene", name) for name in SCENE.extractors.names()),
]


class EvenScenes:
    """A scene model for where the real one is not installed: darker pictures fit the first."""

    def probabilities(self, image: NDArray[np.uint8]) -> NDArray[np.float64]:
        shares = np.linspace(1, 1 + image.mean(), len(descriptions().labels))
        return np.asarray(shares / shares.sum())


def opened(family: str, name: str, folder: Path) -> CueExtractor:
    """The extractor `name` of a family, as a run opens it; what is not installed is skipped."""
    try:
        if family == "face":
            with pytest.MonkeyPatch.context() as patch:
                if LANDMARKER.is_file():
                    patch.setattr(landmarked, "locate", lambda name: LANDMARKER)
                return FACE.extractors.get(name)(1.0)
        if family == "voice":
            return VOICE.extractors.get(name)()
        if family == "scene":
            there = name != "open-clip" or locate("clip-vit-b-32") is not None
            return (
                SCENE.extractors.get(name)() if there else SCENE.extractors.get(name)(EvenScenes())
            )  # type: ignore[call-arg]
        weights = {"transformers": transformers_folder, "openai-whisper": openai_checkpoint}
        at = f":{weights[name](folder / 'wired.pt')}" if name in weights else ""
        words = SpeechCues(f"{name}{at}", device="cpu")
        words.open()
        return words
    except (MissingExtra, WeightsError) as error:
        pytest.skip(f"{family} '{name}' cannot be opened here: {error}")


@dataclass(frozen=True)
class Nothing:
    """Ten black pictures and `seconds` of silence."""

    seconds: float = 5.0

    def frames(self, rate_hz: float) -> Iterator[Frame]:
        for index in range(int(self.seconds * rate_hz)):
            yield Frame(index / rate_hz, np.zeros((96, 96, 3), np.uint8))

    def audio(self, window_s: float) -> Iterator[AudioWindow]:
        size = int(window_s * AUDIO_RATE_HZ)
        samples = np.zeros(int(self.seconds * AUDIO_RATE_HZ), np.float32)
        for start in range(0, len(samples), size):
            yield AudioWindow(start / AUDIO_RATE_HZ, samples[start : start + size])


BLANK = Clip("0" * 64, "blank.mp4", 5.0, frozenset({Modality.AUDIO, Modality.VISUAL}))
EMPTY = {
    "black and silent": replace(BLANK, source=Nothing()),
    "no length": replace(BLANK, source=Nothing(0.0), duration_s=0.0),
    "sound only": replace(BLANK, source=Nothing(), modalities=frozenset({Modality.AUDIO})),
    "pictures only": replace(BLANK, source=Nothing(), modalities=frozenset({Modality.VISUAL})),
    "a text without words": replace(BLANK, modalities=frozenset({Modality.TEXT}), duration_s=0.0),
}
Open = Callable[[], CueExtractor]


@pytest.fixture(scope="module")
def demo() -> Clip:
    """The clip of the examples without its subtitles, so that recognisers have to listen."""
    return replace(load_clip(DEMO, limits=MediaLimits()), transcript=())


@pytest.fixture(scope="module", params=CASES, ids=lambda case: "-".join(case))
def extractor(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> CueExtractor:
    return opened(*request.param, tmp_path_factory.mktemp("whisper"))


def windows_of(clip: Clip, count: int = 2) -> list[TimeSpan]:
    step = clip.duration_s / count
    return [TimeSpan(start_s=i * step, end_s=(i + 1) * step) for i in range(count)]


def check(extractor: CueExtractor, extraction: Extraction, windows: list[TimeSpan]) -> None:
    assert extraction.measurements or extraction.absent, "nothing measured needs a reason"
    for absence in extraction.absent:
        assert absence.modality == extractor.modality
        assert absence.reason.strip()
    order = []
    for m in extraction.measurements:
        kind = kind_of(m.name)
        assert (m.modality, m.family, m.unit) == (kind.modality, kind.family, kind.unit)
        assert m.modality == extractor.modality
        assert isinstance(m.value, str) if kind.scale is None else math.isfinite(float(m.value))
        assert word_of(m) is None or kind.scale is not None
        assert 0 <= m.confidence <= 1
        assert PROVENANCE.fullmatch(m.source), m.source
        places = [
            index
            for index, window in enumerate(windows)
            if window.start_s <= m.span.start_s <= m.span.end_s <= window.end_s
        ]
        assert places, f"{m.name} at {m.span} lies in no window"
        order.append(places[0])
    assert order == sorted(order), "windows come in their order"


def test_it_says_what_it_is(extractor: CueExtractor) -> None:
    assert extractor.name
    # Words may come with the clip, so what recognised them stands in each measurement alone.
    name_and_version = "#words" if extractor.modality is Modality.TEXT else ""
    assert PROVENANCE.fullmatch(extractor.provenance + name_and_version)


def test_measurements_keep_the_contract_and_come_twice(extractor: CueExtractor, demo: Clip) -> None:
    windows = windows_of(demo)
    extraction = extractor.extract(demo, windows)
    check(extractor, extraction, windows)
    assert extractor.extract(demo, windows) == extraction


@pytest.mark.parametrize("name", EMPTY)
def test_nothing_to_measure_is_an_absence_and_no_error(extractor: CueExtractor, name: str) -> None:
    windows = windows_of(EMPTY[name], 1)
    check(extractor, extractor.extract(EMPTY[name], windows), windows)


def test_without_its_modality_nothing_is_made_up(extractor: CueExtractor) -> None:
    clip = replace(BLANK, modalities=frozenset())
    extraction = extractor.extract(clip, windows_of(clip, 1))
    assert extraction.measurements == ()
    assert extraction.absent


LAZY = """
import sys
from affect_llm.config import Settings
from affect_llm.cues.families import extractors_for
from affect_llm.media.load import text_clip
settings = Settings()
extractors, _ = extractors_for(settings)
clip = text_clip("hello", limits=settings.limits)
for extractor in extractors:
    extractor.extract(clip, [])
heavy = {"torch", "transformers", "dlib", "mediapipe", "scipy", "webrtcvad", "av", "PIL"}
print(*sorted(heavy & set(sys.modules)))
"""


def test_a_text_opens_no_network_of_faces_or_voices() -> None:
    ran = subprocess.run([sys.executable, "-c", LAZY], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
