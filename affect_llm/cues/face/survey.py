"""Streams a clip's frames past a face finder and sums up each window as it ends."""

from bisect import bisect_right
from collections.abc import Sequence

from affect_llm.cues.extractor import Extraction
from affect_llm.cues.face.sightings import FaceFinder, Series, Sighting
from affect_llm.cues.face.summary import measure
from affect_llm.cues.face.tracks import Tracker
from affect_llm.cues.measurement import nothing
from affect_llm.types import Absence, Clip, Frame, Measurement, Modality, TimeSpan

_MOST_PEOPLE = 6
"""People reported per window; the least prominent others are left out."""
REMEDY = "affect-llm models pull face-landmarker"
_LEAST_SHARE = 0.05
"""Someone seen in a smaller share of a window's frames is taken for a mistake."""
_NEARLY_BLACK = 8.0
"""Mean level, of 255, under which a frame is called nearly black in the reason for no face."""
_UNTOLD = {"gaze": "where the eyes look", "blink": "blinks"}
"""Families that need the eyes → what of them cannot be told from 48 pixels."""


class FaceExtractor:
    """An extractor of face cues from whatever its finder sees.

    Args:
        finder: finds and reads faces.
        rate_hz: frames looked at per second of clip.
    """

    modality = Modality.VISUAL

    def __init__(self, finder: FaceFinder, rate_hz: float) -> None:
        self._finder, self.rate_hz = finder, rate_hz
        self.provenance = finder.provenance

    def extract(self, clip: Clip, windows: Sequence[TimeSpan]) -> Extraction:
        """Measure the faces of `clip` per window; memory is that of one window."""
        if clip.source is None or Modality.VISUAL not in clip.modalities:
            return nothing(Modality.VISUAL, ("face",), "the clip has no pictures")
        watch = _Watch(windows, self._finder, 1 / self.rate_hz, thorough=clip.duration_s == 0)
        frames = clip.source.frames(self.rate_hz)
        measurements = [m for frame in frames for m in watch.see(frame)] + watch.finish()
        if not measurements:
            return nothing(Modality.VISUAL, ("face",), watch.reason())
        untold: tuple[Absence, ...] = ()
        if not self._finder.tells_eyes:
            name = self.provenance.split("@")[0]
            for family, what in _UNTOLD.items():
                reason = f"{name} cannot tell {what} from faces of 48 pixels"
                untold += nothing(Modality.VISUAL, (family,), reason, remedy=REMEDY).absent
        return Extraction(tuple(measurements), untold)


class _Watch:
    """What has been seen in the window that is running."""

    def __init__(
        self, windows: Sequence[TimeSpan], finder: FaceFinder, step_s: float, *, thorough: bool
    ) -> None:
        self._windows, self._finder = windows, finder
        self._starts = [window.start_s for window in windows]
        self._step_s, self._thorough = step_s, thorough
        self._tracker = Tracker()
        self._current = -1
        self._people: dict[str, list[Sighting]] = {}
        self._frames = self._all_frames = self._black = 0

    def see(self, frame: Frame) -> list[Measurement]:
        """Take in a frame; the measurements of the window that it ends, if it ends one."""
        index = bisect_right(self._starts, frame.time_s) - 1
        if index < 0:
            return []
        done = self.finish() if index != self._current else []
        self._current = index
        self._frames += 1
        self._all_frames += 1
        self._black += frame.image.mean() < _NEARLY_BLACK
        faces = self._finder.find(frame.image, self._thorough)
        people = self._tracker.update(frame.time_s, [face.square for face in faces])
        for person, face in zip(people, faces, strict=True):
            self._people.setdefault(person, []).append(Sighting(frame.time_s, face))
        return done

    def finish(self) -> list[Measurement]:
        """The measurements of the running window, which then starts empty."""
        series = [
            Series(person, self._windows[self._current], tuple(seen), self._frames, self._step_s)
            for person, seen in self._people.items()
            if len(seen) >= _LEAST_SHARE * self._frames
        ]
        self._people, self._frames = {}, 0
        source, eyes = self._finder.provenance, self._finder.tells_eyes
        most = sorted(series, key=lambda s: -s.prominence)[:_MOST_PEOPLE]
        return [m for one in most for m in measure(one, source, eyes)]

    def reason(self) -> str:
        """Why there is no face, as a clause."""
        black = f", {self._black} of them nearly black" if self._black else ""
        return f"no face was found in {self._all_frames} frames{black}"
