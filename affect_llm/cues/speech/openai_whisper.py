"""OpenAI's Whisper from a `.pt` checkpoint of the store; it is given arrays, so needs no ffmpeg."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.speech.device import torch_device
from affect_llm.cues.speech.recognition import LEAST_LOGPROB, MOST_COMPRESSION, NO_SPEECH
from affect_llm.cues.speech.transcriber import RecognisedSegment, known_language, whisper_segment
from affect_llm.errors import MissingExtra, WeightsError
from affect_llm.store.cache import locate, require

SIZES = ("small", "base", "tiny", "medium", "turbo", "large-v3")
"""Sizes of the store, the one to prefer on an ordinary machine first."""
_NAMES = {"turbo": "large-v3-turbo"}
"""Sizes that the package lists the alignment heads of under another name."""


class OpenAIWhisper:
    """Whisper as its authors publish it.

    Args:
        weights: a size of the store ("small"), or the path of a checkpoint in OpenAI's format;
            None takes the first size that is in the store.
        device: "auto", or as PyTorch names it.

    Raises:
        MissingExtra: openai-whisper is not installed.
        WeightsError: not in the store, or not a Whisper checkpoint.
    """

    def __init__(self, weights: str | None = None, device: str = "auto") -> None:
        try:
            import whisper
        except ImportError as error:
            raise MissingExtra("speech recognition by openai-whisper", "whisper") from error
        size, path = _checkpoint(weights)
        self.provenance = f"openai-whisper@{whisper.__version__}#{size}"
        self._device = torch_device(device)
        self._model = load_checkpoint(path, self._device)
        heads = whisper._ALIGNMENT_HEADS.get(_NAMES.get(size, size))
        if heads is not None:
            self._model.set_alignment_heads(heads)

    def transcribe(
        self, samples: NDArray[np.float32], language: str | None
    ) -> tuple[RecognisedSegment, ...]:
        """Segments with word times; greedy, so the same sound gives the same words.

        Raises:
            CapabilityError: Whisper does not know `language`.
        """
        import whisper

        answer = whisper.transcribe(
            self._model,
            samples,
            language=known_language(language, whisper.tokenizer.LANGUAGES, "openai-whisper"),
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            fp16=self._device.startswith("cuda"),
            no_speech_threshold=NO_SPEECH,
            logprob_threshold=LEAST_LOGPROB,
            compression_ratio_threshold=MOST_COMPRESSION,
        )
        return tuple(whisper_segment(one, answer["language"]) for one in answer["segments"])


def load_checkpoint(path: Path, device: str) -> Any:
    """A `whisper.model.Whisper` with exactly the tensors of the file; nothing is unpickled.

    Raises:
        WeightsError: another format, or a missing or unexpected tensor.
    """
    import torch
    from whisper.model import ModelDimensions, Whisper

    try:
        checkpoint = torch.load(path, map_location=device, weights_only=True)
        model = Whisper(ModelDimensions(**checkpoint["dims"]))
        model.load_state_dict(checkpoint["model_state_dict"], strict=True)
    except (OSError, EOFError, KeyError, TypeError, RuntimeError, pickle.UnpicklingError) as error:
        first = str(error).strip().split("\n")[0]
        raise WeightsError(
            f"{path} is not a Whisper checkpoint in OpenAI's format ({first}). Get one with: "
            "affect-llm models pull whisper-base."
        ) from error
    return model.to(device).eval()


def _checkpoint(weights: str | None) -> tuple[str, Path]:
    if weights is None:
        present = [size for size in SIZES if locate(f"whisper-{size}") is not None]
        weights = present[0] if present else "base"
    if weights in SIZES:
        return weights, require(f"whisper-{weights}")
    if not Path(weights).is_file():
        raise WeightsError(
            f"There is no Whisper '{weights}': give the path of a .pt file, or one of "
            f"{', '.join(SIZES)}."
        )
    return Path(weights).stem, Path(weights)
