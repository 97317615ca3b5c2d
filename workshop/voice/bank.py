"""The cue bank: what the extractor hears in every clip, for training what reads cues.

One JSON object a line, e.g. `{"id": "ravdess/Actor_01/….flac", "corpus": "ravdess", "speaker":
"ravdess_01", "emotion": "anger", "split": "train", "transcript": "Kids are talking by the door",
"lang": "en", "measurements": [{"modality": "audio", "family": "voice", "name": "voice.anger",
…}]}`. Scores of training speakers are those of heads that never heard them, since a head knows its
own training data too well; test speakers are scored by the weights as shipped.
"""

from collections.abc import Iterator
from pathlib import Path

from affect_llm.cues.kinds import EMOTIONS
from affect_llm.cues.voice.extractor import VoiceCues
from affect_llm.cues.voice.frames import VoiceFrames
from affect_llm.cues.voice.head import VoiceScores, softmax_rows
from workshop.voice.clips import SpeechClip, read_clips, read_samples
from workshop.voice.sound import sound_clip, whole
from workshop.voice.targets import family_of
from workshop.voice.train import TrainedHead


class KnownScores:
    """Answers with the scores it was given, for the clip at hand."""

    def __init__(self, provenance: str) -> None:
        self.provenance = provenance
        self.scores: VoiceScores | None = None

    def score(self, frames: VoiceFrames) -> VoiceScores | None:
        """The scores set last, whatever is heard."""
        return self.scores


def bank_rows(data: Path, head: TrainedHead) -> Iterator[dict[str, object]]:
    """Every clip's row, in the order of `labels.tsv`."""
    shipped = VoiceCues(head=head.folder)
    known = KnownScores(shipped.provenance.partition("#")[2])
    replayed = VoiceCues(listener=known)
    scores = out_of_fold_scores(head)
    for index, clip in enumerate(read_clips(data)):
        known.scores = scores.get(index)
        yield _row(clip, shipped if clip.test else replayed)


def out_of_fold_scores(head: TrainedHead) -> dict[int, VoiceScores]:
    """Calibrated scores by index of the training clip."""
    found = head.out_of_fold
    p = softmax_rows(found.logits / head.temperature)
    return {
        int(clip): VoiceScores(
            dict(zip(EMOTIONS, (float(x) for x in p[row]), strict=True)),
            arousal=float(found.affect[row, 0]),
            valence=float(found.affect[row, 1]),
        )
        for row, clip in enumerate(found.clips)
    }


def _row(clip: SpeechClip, extractor: VoiceCues) -> dict[str, object]:
    sound = sound_clip(read_samples(clip.path), clip.file)
    found = extractor.extract(sound, [whole(sound)])
    return {
        "id": clip.file,
        "corpus": family_of(clip.corpus),
        "speaker": clip.speaker,
        "emotion": clip.emotion,
        "split": "test" if clip.test else "train",
        "transcript": clip.transcript,
        "lang": clip.language,
        "measurements": [m.model_dump(mode="json") for m in found.measurements],
    }
