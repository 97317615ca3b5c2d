"""Voice features that need no download: what the shipped voice head hears, step by step.

The hidden layer and the functionals belong to a head whose training speakers are named in its
model card: a measurement on those speakers with `hidden` has seen their labels already.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from affect_llm.cues.voice.frame_grid import HOP, Signal
from affect_llm.cues.voice.frames import VoiceFrames, describe
from affect_llm.cues.voice.functionals import functionals
from affect_llm.cues.voice.head import FEATURES, VoiceHead, read_config
from affect_llm.cues.voice.head import provenance_of as head_provenance
from affect_llm.cues.voice.head_input import CHANNELS, STEP, sequence_of
from affect_llm.cues.voice.vad import webrtc_speech
from affect_llm.encoders.encoder import EncoderOptions, FeatureChunk, provenance_of
from affect_llm.encoders.sound import SoundEncoder, Stretch, samples_of, stretches
from affect_llm.store.shipped import shipped
from affect_llm.types import AUDIO_RATE_HZ, Clip

HEAD = "voice_head"
FUNCTIONALS = 357
"""How many numbers a summary of `cues.voice.functionals` has."""
_CORE_S = 24.0
"""Seconds of sound that are described at once, which bounds the memory of a long clip."""
_MARGIN_S = 2.56
"""Context of a stretch: no shorter than a row of any layer sees; a multiple of 160 ms."""
_HIDDEN = 8
"""Steps of the sequence that a step of the hidden layer stands for: 160 ms."""
_HIDDEN_REACH_S = 0.4
"""A hidden step sees ten steps of 40 ms around its own (kernels 5, 5, 3, strides 2, 2, 1), and
the mean of each channel over its stretch of sound, which no span tells of."""
_FRAME_REACH_S = 0.015
"""The widest analysis frame, three periods of 75 Hz, sees so much beyond a step's own 20 ms."""


class VoiceLightOptions(EncoderOptions):
    """What the light voice features can be told.

    Args:
        layer: "frames" for log-mel bands, pitch, voicing and level every 20 ms (68 numbers),
            "functionals" for summaries of a sliding window (357), "hidden" for the head's
            convolutions every 160 ms (members times width of the head).
        pool: consecutive steps that are averaged into one.
        window_s: what a row of functionals sees.
        hop_s: from one row of functionals to the next.
    """

    layer: Literal["frames", "functionals", "hidden"] = "frames"
    pool: int = Field(default=1, gt=0)
    window_s: float = Field(default=1.0, ge=0.4, le=2.5)
    hop_s: float = Field(default=0.5, ge=0.1, le=2.0)


class VoiceLight(SoundEncoder):
    """Frames, functionals or hidden states of the voice head's own analysis.

    Raises:
        MissingExtra: the packages of the voice head are not installed.
        WeightsError: the shipped head is damaged ("hidden" only).
    """

    options_type = VoiceLightOptions

    def __init__(self, options: VoiceLightOptions) -> None:
        self._options, self.batch = options, options.batch
        self.width, weights = CHANNELS if options.layer == "frames" else FUNCTIONALS, FEATURES
        if options.layer == "hidden":
            config = read_config(shipped(HEAD))
            self.width, weights = config.members * config.width, head_provenance(config)
        self.provenance = provenance_of("voice-light", 1, weights, options)

    def chunks(self, clip: Clip) -> Iterator[FeatureChunk]:
        """Stretches of sound, described; a row is a step."""
        for stretch in stretches(clip, samples_of(_CORE_S), samples_of(_MARGIN_S)):
            if len(stretch.samples) >= samples_of(self.shortest_s):
                frames = describe(stretch.samples, webrtc_speech)
                summed = self._options.layer == "functionals"
                yield (self._summaries if summed else self._steps)(stretch, frames)

    def forward(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """(B, K, width) as the chunks have them, or sequences (B, T, 68) to hidden states."""
        if self._options.layer != "hidden":
            return inputs
        return np.stack([self._head.steps(sequence) for sequence in inputs])

    @cached_property
    def _head(self) -> VoiceHead:
        return VoiceHead(shipped(HEAD))

    def _steps(self, stretch: Stretch, frames: VoiceFrames) -> FeatureChunk:
        """The head's sequence, or where its hidden steps belong."""
        rows = sequence_of(frames)
        step = STEP * HOP
        starts = stretch.first + np.arange(len(rows)) * step
        if self._options.layer == "frames":
            return self._placed(stretch, rows, starts, step, step, _FRAME_REACH_S)
        reach_s = _HIDDEN_REACH_S + _FRAME_REACH_S
        return self._placed(stretch, rows, starts[::_HIDDEN], step * _HIDDEN, 2 * step, reach_s)

    def _summaries(self, stretch: Stretch, frames: VoiceFrames) -> FeatureChunk:
        """Functionals of windows whose starts lie on one grid over the clip."""
        hop, size = samples_of(self._options.hop_s), samples_of(self._options.window_s)
        last = stretch.first + len(stretch.samples)
        starts = np.arange(-(-stretch.begin // hop) * hop, last, hop)
        whole = (starts + size // 2 <= last) | (starts == 0)
        starts = starts[whole & stretch.owns(starts)]
        places = (starts - stretch.first) // HOP
        rows = [
            functionals(frames.cut(p, min(len(frames.speech), p + size // HOP))) for p in places
        ]
        array = np.array(rows, dtype=np.float32).reshape(len(rows), FUNCTIONALS)
        return self._placed(stretch, array, starts, hop, size)

    def _placed(
        self,
        stretch: Stretch,
        inputs: Signal,
        starts: NDArray[np.int64],
        hop: int,
        size: int,
        reach_s: float = 0.0,
    ) -> FeatureChunk:
        """Rows that begin at `starts`, one every `hop`, each seeing `size` and `reach_s` around."""
        owner = np.where(stretch.owns(starts), starts // (hop * self._options.pool), -1)
        reach = samples_of(reach_s)
        seen = np.stack([starts - reach, starts + size + reach], axis=1)
        limit = stretch.first + len(stretch.samples)
        return FeatureChunk(inputs, owner, seen.clip(0, limit) / AUDIO_RATE_HZ)
