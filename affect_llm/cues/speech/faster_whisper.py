"""Whisper by CTranslate2 (faster-whisper), from a converted folder on this machine."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.speech.recognition import LEAST_LOGPROB, MOST_COMPRESSION, NO_SPEECH
from affect_llm.cues.speech.transcriber import RecognisedSegment, known_language, whisper_segment
from affect_llm.errors import MissingExtra, WeightsError


class FasterWhisper:
    """Whisper as faster-whisper runs it.

    Args:
        weights: a folder with model.bin, config.json and tokenizer.json; nothing is downloaded.
        device: "auto", "cpu" or "cuda".

    Raises:
        MissingExtra: faster-whisper is not installed.
        WeightsError: no folder given, or it holds no converted model.
    """

    def __init__(self, weights: str | None = None, device: str = "auto") -> None:
        try:
            import faster_whisper
        except ImportError as error:
            raise MissingExtra("speech recognition by faster-whisper", "faster-whisper") from error
        folder = Path(weights or "")
        if weights is None or not (folder / "model.bin").is_file():
            raise WeightsError(
                "faster-whisper needs a folder with a converted model (model.bin), not "
                f"{weights!r}: --speech faster-whisper:FOLDER."
            )
        self.provenance = f"faster-whisper@{faster_whisper.__version__}#{folder.name}"
        try:
            self._model = faster_whisper.WhisperModel(
                str(folder), device=device, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise WeightsError(f"{folder} cannot be loaded by faster-whisper: {error}.") from error

    def transcribe(
        self, samples: NDArray[np.float32], language: str | None
    ) -> tuple[RecognisedSegment, ...]:
        """Segments with word times; one temperature, so no fallback and always the same words.

        Source: options as in faster-whisper 1.2, `WhisperModel.transcribe`.

        Raises:
            CapabilityError: the model does not know `language`.
        """
        segments, about = self._model.transcribe(
            samples,
            language=known_language(language, self._model.supported_languages, "faster-whisper"),
            beam_size=5,  # faster-whisper's own default
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            no_speech_threshold=NO_SPEECH,
            log_prob_threshold=LEAST_LOGPROB,
            compression_ratio_threshold=MOST_COMPRESSION,
        )
        return tuple(whisper_segment(asdict(one), about.language) for one in segments)
