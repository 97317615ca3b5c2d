"""A clip's own pictures and sound, for a reasoner that looks and listens itself."""

from dataclasses import dataclass

from affect_llm.config import MediaBudget
from affect_llm.media.budgeted import BudgetedMedia
from affect_llm.prompting.reason import track_family
from affect_llm.types import Absence, Clip, CueSheet, Modality, TimeSpan

MEDIA_TRACKS: dict[str, Modality] = {"video": Modality.VISUAL, "audio": Modality.AUDIO}
"""The tracks of the prompt that a clip's pictures and sound stand in, each in its slot."""
_WORDS = {"video": "pictures", "audio": "sound"}


@dataclass(frozen=True, slots=True)
class MediaReader:
    """Which of a clip's pictures and sound a run hands to its model, and how much.

    Args:
        budget: how much one answer may use.
        tracks: those that the model takes.
        modalities: the ones that the run looks at.
    """

    budget: MediaBudget
    tracks: tuple[str, ...]
    modalities: frozenset[Modality]

    def media(self, clip: Clip) -> BudgetedMedia | None:
        """The media of the whole clip; None where it has none that the model would take."""
        shown = frozenset(m for t, m in MEDIA_TRACKS.items() if self._absence(t, clip) is None)
        if clip.source is None or not shown:
            return None
        span = TimeSpan(start_s=0.0, end_s=clip.duration_s)
        return BudgetedMedia(clip.source, span, shown, self.budget)

    def with_absences(self, sheet: CueSheet, clip: Clip) -> CueSheet:
        """The sheet with an entry for what the model is not shown, or only in part."""
        absences = []
        for track, modality in MEDIA_TRACKS.items():
            absence = self._absence(track, clip)
            if absence is not None:
                absences.append(absence.model_copy(update={"family": track_family(track)}))
            elif track == "audio" and clip.duration_s > self.budget.audio_s:
                reason = (
                    f"only the first {self.budget.audio_s:g} of {clip.duration_s:.0f} s "
                    "were given to the model (omni.audio_s)"
                )
                family = "sound for the whole answer"
                absences.append(
                    Absence(modality=modality, family=family, state="low_quality", reason=reason)
                )
        return CueSheet(cues=sheet.cues, absent=(*sheet.absent, *absences))

    def _absence(self, track: str, clip: Clip) -> Absence | None:
        """Why the model is not shown a track; None where it is."""
        modality, words = MEDIA_TRACKS[track], _WORDS[track]
        if modality not in self.modalities:
            reason = f"{modality} is not among the modalities of this run"
            return Absence(modality=modality, state="not_asked", reason=reason)
        if track not in self.tracks:
            reason = f"this model takes no {words}"
        elif clip.source is None or modality not in clip.modalities:
            reason = f"the clip has no {words}"
        else:
            return None
        return Absence(modality=modality, state="absent", reason=reason)
