"""Whisper by transformers, from a folder on this machine."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from affect_llm.cues.speech.device import torch_device
from affect_llm.cues.speech.recognition import compression_of
from affect_llm.cues.speech.transcriber import RecognisedSegment, known_language
from affect_llm.errors import MissingExtra, WeightsError
from affect_llm.store.pretrained import require_whole
from affect_llm.types import AUDIO_RATE_HZ


class TransformersWhisper:
    """Whisper as transformers runs it; segments have times, words have none.

    Args:
        weights: a checkpoint folder with safetensors; nothing is downloaded.
        device: "auto", or as PyTorch names it.

    Raises:
        MissingExtra: transformers is not installed.
        WeightsError: no folder given, or it is not a complete Whisper.
    """

    def __init__(self, weights: str | None = None, device: str = "auto") -> None:
        try:
            import transformers
        except ImportError as error:
            raise MissingExtra("speech recognition by transformers", "llm") from error
        folder = Path(weights or "")
        if weights is None or not (folder / "config.json").is_file():
            raise WeightsError(
                "transformers needs a Whisper checkpoint folder (config.json, model.safetensors, "
                f"tokenizer), not {weights!r}: --speech transformers:FOLDER."
            )
        self.provenance = f"transformers-whisper@{transformers.__version__}#{folder.name}"
        self._device = torch_device(device)
        from transformers import WhisperForConditionalGeneration, WhisperProcessor

        try:
            loaded: Any = WhisperForConditionalGeneration.from_pretrained(
                folder, local_files_only=True, use_safetensors=True, output_loading_info=True
            )
            self._processor = WhisperProcessor.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            first = str(error).strip().split("\n")[0]
            raise WeightsError(f"{folder} is not a Whisper checkpoint folder ({first}).") from error
        self._model, report = loaded
        require_whole(folder, report)
        self._model.to(self._device).eval()
        self._multilingual: bool = getattr(self._model.generation_config, "is_multilingual", True)

    def transcribe(
        self, samples: NDArray[np.float32], language: str | None
    ) -> tuple[RecognisedSegment, ...]:
        """Segments between timestamp tokens; greedy, so the same sound gives the same words.

        Raises:
            CapabilityError: the checkpoint does not know `language`.
        """
        import torch

        given = self._processor(
            samples, sampling_rate=AUDIO_RATE_HZ, return_tensors="pt", return_attention_mask=True
        ).to(self._device)
        with torch.inference_mode():
            tokens = self._model.generation_config.lang_to_id if self._multilingual else ("<|en|>",)
            known = {token[2:-2] for token in tokens}
            code = known_language(language, known, "this Whisper")
            if code is None and self._multilingual:
                token = self._model.detect_language(input_features=given["input_features"])
                name = self._processor.tokenizer.convert_ids_to_tokens(int(token[0]))
                code = str(name)[2:-2]
            code = code or "en"
            answer = self._model.generate(
                **given,
                # An English-only model may not be told a language or a task.
                **({"language": code, "task": "transcribe"} if self._multilingual else {}),
                return_timestamps=True,
                return_segments=True,
                do_sample=False,
                num_beams=1,
            )
            sound = self._model.get_encoder()(given["input_features"])
            return tuple(self._segment(one, sound, code) for one in answer["segments"][0])

    def _segment(self, segment: Any, sound: Any, language: str) -> RecognisedSegment:
        """The segment with its scores; no speech is as likely as its token is in first place."""
        import torch

        tokenizer, tokens = self._processor.tokenizer, segment["tokens"]
        text = tokenizer.decode(tokens, skip_special_tokens=True).strip()
        names = ["<|startoftranscript|>"]
        names += [f"<|{language}|>", "<|transcribe|>"] if self._multilingual else []
        start = tokenizer.convert_tokens_to_ids(names)
        prompt = torch.tensor(start, device=tokens.device)
        given = torch.cat([prompt, tokens])[None]
        logits = self._model(encoder_outputs=sound, decoder_input_ids=given).logits[0]
        scores = torch.log_softmax(logits.float(), dim=-1)
        chosen = scores[len(start) - 1 : -1].gather(1, tokens[:, None])
        known = tokenizer.get_vocab()
        silence = "<|nospeech|>" if "<|nospeech|>" in known else "<|nocaptions|>"
        no_speech = scores[0, int(tokenizer.convert_tokens_to_ids(silence))].exp()
        return RecognisedSegment(
            text=text,
            start_s=float(segment["start"]),
            end_s=float(segment["end"]),
            language=language,
            no_speech=float(no_speech),
            mean_logprob=float(chosen.mean()),
            compression=compression_of(text),
        )
