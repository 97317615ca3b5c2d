"""The default extractor for voices: speech found, prosody measured, emotion scored."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from affect_llm.cues.extractor import Extraction
from affect_llm.cues.measurement import nothing
from affect_llm.cues.voice.frame_grid import Signal
from affect_llm.cues.voice.frames import VoiceFrames, describe
from affect_llm.cues.voice.head import CONFIG_FILE, Listener, VoiceHead
from affect_llm.cues.voice.measurements import WindowVoice, combine, report
from affect_llm.cues.voice.prosody import Prosody, measure_prosody
from affect_llm.cues.voice.vad import SpeechDetector, silero_speech, webrtc_speech
from affect_llm.errors import MissingExtra, WeightsError
from affect_llm.store.cache import locate
from affect_llm.store.shipped import shipped
from affect_llm.types import AUDIO_RATE_HZ, Absence, AudioWindow, Clip, Modality, TimeSpan

HEAD = "voice_head"
VAD = "silero-vad"
FAMILIES = ("prosody", "voice")
_LONGEST_S = 30.0
"""A longer window is measured in blocks of this length."""
_READ_S = 5.0
"""Sound is read in stretches of this length, so that memory stays flat in a long window."""


class VoiceCues:
    """Prosody by signal processing and the shipped voice head.

    Speech is found by Silero's network when it is in the store, else by WebRTC's detector.

    Args:
        head: folder of the voice head's weights; None for the shipped one.
        listener: scores speech in place of the weights in `head`.
    """

    name = "voice"
    modality = Modality.AUDIO

    def __init__(self, head: Path | None = None, listener: Listener | None = None) -> None:
        self._folder = head
        self._listener = listener
        self._vad = locate(VAD)
        self._detect: SpeechDetector | None = None
        self.provenance = f"voice@1#{listener.provenance if listener else _fingerprint(head)}"
        self.prosody_provenance = f"prosody@1#{'silero' if self._vad else 'webrtc'}"

    def extract(self, clip: Clip, windows: Sequence[TimeSpan]) -> Extraction:
        """Measure the speech in each window; one pass over the sound, memory flat."""
        if clip.source is None or Modality.AUDIO not in clip.modalities:
            return nothing(Modality.AUDIO, FAMILIES, "the clip has no sound")
        try:
            if self._detect is None:
                self._detect = silero_speech(self._vad) if self._vad else webrtc_speech
        except MissingExtra as error:
            return nothing(Modality.AUDIO, FAMILIES, str(error), state="failed")
        missing: tuple[Absence, ...] = ()
        try:
            self._listener = self._listener or VoiceHead(self._folder or shipped(HEAD))
        except (MissingExtra, WeightsError) as error:  # prosody goes on without the head
            missing = nothing(Modality.AUDIO, ("voice",), str(error), state="failed").absent
        blocks: dict[int, list[WindowVoice]] = {}
        # At most the shortest window's length is read at a time.
        read_s = min([_READ_S, *(max(w.duration_s, 0.1) for w in windows)])
        for index, samples in _blocks(clip.source.audio(read_s), windows):
            frames = describe(samples, self._detect)
            prosody = self.measure(frames)
            if prosody is not None:
                scores = self._listener.score(frames) if self._listener else None
                blocks.setdefault(index, []).append(WindowVoice(prosody, scores))
        if not blocks:
            return nothing(Modality.AUDIO, FAMILIES, f"no speech was found in {clip.name}")
        voices = {index: combine(parts) for index, parts in blocks.items()}
        source = self._listener.provenance if self._listener else ""
        return Extraction(report(voices, windows, self.prosody_provenance, source), missing)

    def measure(self, frames: VoiceFrames) -> Prosody | None:
        """Prosody of a stretch of sound; None where no one speaks."""
        return measure_prosody(frames)


def _blocks(
    sound: Iterator[AudioWindow], windows: Sequence[TimeSpan]
) -> Iterator[tuple[int, Signal]]:
    """(index of the window, samples) of every block, in order of their ends.

    Args:
        sound: consecutive stretches of the clip, as `MediaSource.audio` gives them.
        windows: any spans, also overlapping ones; a block is at most `_LONGEST_S` long.
    """
    waiting: dict[int, list[Signal]] = {i: [] for i in range(len(windows))}
    for stretch in sound:
        for index in list(waiting):
            first, last = (
                max(0, round((edge - stretch.start_s) * AUDIO_RATE_HZ))
                for edge in (windows[index].start_s, windows[index].end_s)
            )
            part = stretch.samples[first:last]
            if len(part):
                waiting[index].append(part)
            ended = stretch.start_s + len(stretch.samples) / AUDIO_RATE_HZ >= windows[index].end_s
            seconds = sum(map(len, waiting[index])) / AUDIO_RATE_HZ
            if waiting[index] and (ended or seconds >= _LONGEST_S):
                yield index, np.concatenate(waiting[index])
                waiting[index] = []
            if ended:
                del waiting[index]
    for index, parts in waiting.items():
        if parts:
            yield index, np.concatenate(parts)


def _fingerprint(head: Path | None) -> str:
    """First digits of the weights' hash as their config states it; "none" without weights."""
    try:
        config = (head or shipped(HEAD)) / CONFIG_FILE
        return str(json.loads(config.read_text(encoding="utf-8"))["sha256"])[:12]
    except (WeightsError, OSError, ValueError, KeyError):
        return "none"
