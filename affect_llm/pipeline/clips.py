"""What goes into the pipeline, and a clip on its way through it."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from affect_llm.adapters.tracks import TrackFeatures, features_within, with_absences
from affect_llm.media.budgeted import BudgetedMedia
from affect_llm.prompting.salience import select_cues
from affect_llm.types import CueSheet, TimeSpan, TranscriptSegment


@dataclass(frozen=True, slots=True)
class Source:
    """What to explain: a file, a text, or a file with the words spoken in it.

    Args:
        path: a local media or text file.
        text: the words; with `path`, its transcript, which wins over any other.
    """

    path: Path | None = None
    text: str | None = None

    @property
    def name(self) -> str:
        """What to call it before it is opened."""
        return self.path.name if self.path else "text"


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be read, and the sentence that says why."""

    name: str
    message: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one prompt is about, which is a whole clip or one window of it.

    Args:
        window: None for the whole.
        sheet: its cues; tracks without features are entered in it as absent.
        features: by track; None where none were read.
        media: its pictures and sound; None where no model takes them.
    """

    window: TimeSpan | None
    sheet: CueSheet
    features: TrackFeatures | None = None
    media: BudgetedMedia | None = None

    @property
    def has_content(self) -> bool:
        """Whether there is a cue to show, a feature to read, or the clip itself."""
        readable = any(one.absent is None for one in (self.features or {}).values())
        return readable or self.media is not None or bool(select_cues(self.sheet))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A clip whose cues and features are known: all that any road takes from it.

    Args:
        clip_id: hash of its content.
        name: what to call it.
        duration_s: seconds.
        transcript: the words that came with it.
        sheet: its cues; tracks without features are entered in it as absent.
        windows: stretches that are answered one by one where there are several.
        features: by track; None where none were read.
        media: its pictures and sound; None where no model takes them.
    """

    clip_id: str
    name: str
    duration_s: float
    transcript: tuple[TranscriptSegment, ...]
    sheet: CueSheet
    windows: tuple[TimeSpan, ...] = ()
    features: TrackFeatures | None = None
    media: BudgetedMedia | None = None

    @property
    def whole(self) -> Part:
        """The clip as one part."""
        return Part(None, self.sheet, self.features, self.media)

    def parts(self) -> list[Part]:
        """The whole, then each window where there are several; only those with content."""
        parts = [self.whole]
        for window in self.windows if len(self.windows) > 1 else ():
            sheet = self.sheet.within(window)
            if self.features is not None:
                features = features_within(self.features, window)
                parts.append(Part(window, with_absences(sheet, features), features))
            else:
                media = None if self.media is None else self.media.within(window)
                parts.append(Part(window, sheet, media=media))
        return [part for part in parts if part.has_content]


def split_windows(duration_s: float, window_s: float) -> tuple[TimeSpan, ...]:
    """Equal windows of at most `window_s` that cover the clip; one of length 0 for a still."""
    # In whole milliseconds, so that 30 s in windows of 10 s are three and not, by rounding, four.
    count = max(1, -(-int(duration_s * 1000) // int(window_s * 1000)))
    edges = [duration_s * n / count for n in range(count + 1)]
    return tuple(TimeSpan(start_s=start, end_s=end) for start, end in pairwise(edges))
