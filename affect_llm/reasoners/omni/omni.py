"""Models that look and listen themselves: frames and sound of the clip in the prompt's slots."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from affect_llm.adapters.folder import CALIBRATION_FILE, read_calibration
from affect_llm.config import Settings
from affect_llm.errors import CapabilityError
from affect_llm.prompting.calibration import Calibration
from affect_llm.reasoners.local.answer import begun_answer
from affect_llm.reasoners.local.checkpoint import Checkpoint
from affect_llm.reasoners.local.device import memory_guard
from affect_llm.reasoners.local.label_probabilities import score_labels
from affect_llm.reasoners.local.probe import probe_constraining
from affect_llm.reasoners.omni.checkpoint import open_omni_checkpoint
from affect_llm.reasoners.omni.media import MediaTracks
from affect_llm.reasoners.omni.probe import probe_media
from affect_llm.reasoners.omni.state import MediaPrompt, MediaState, media_prompt
from affect_llm.reasoners.reasoner import Capability
from affect_llm.reasoners.spec import OMNI
from affect_llm.reasoners.tokens.label_paths import label_paths
from affect_llm.types import Completion, Prompt


class OmniLM:
    """Greedy and deterministic; one prompt at a time, because media fills memory as it is.

    Args:
        checkpoint: the loaded model and its tokenizer.
        processor: of the same folder.
        calibration: fitted for this checkpoint.
    """

    name = OMNI.name
    batch_size: int | None = None
    capabilities: frozenset[Capability] = frozenset(
        {"media", "label_logprobs", "constrained", "writes"}
    )

    def __init__(
        self, checkpoint: Checkpoint, processor: Any, calibration: Calibration | None
    ) -> None:
        self.calibration = calibration
        self.checkpoint = checkpoint
        self.tracks = MediaTracks(processor, checkpoint.tokenizer)
        self.media_tracks = self.tracks.names
        self.context_tokens = checkpoint.context_tokens
        self.vocabulary = checkpoint.vocabulary()

    def count_tokens(self, text: str) -> int:
        """Length of `text` in tokens, without any that a chat template adds."""
        return len(self.checkpoint.tokenizer.encode(text, add_special_tokens=False))

    def complete(self, prompts: Sequence[Prompt], *, max_new_tokens: int) -> list[Completion]:
        """One completion per prompt, in order.

        Raises:
            CapabilityError: a prompt is longer than the model's context, has soft tokens, or does
                not fit into memory.
            MediaError: the clip cannot be decoded.
            PromptError: the answer schema does not fit the labels.
        """
        with torch.inference_mode(), memory_guard("a prompt with a clip's pictures and sound"):
            return [self._complete(prompt, max_new_tokens) for prompt in prompts]

    def first_logits(self, prompt: Prompt) -> torch.Tensor:
        """What the model would write first, (vocabulary,) float32 on the CPU."""
        with torch.inference_mode():
            return self._state().read(self._read(prompt))[0].cpu()

    def _state(self) -> MediaState:
        return MediaState(self.checkpoint.model, self.vocabulary.eos_ids[0], self.checkpoint.device)

    def _read(self, prompt: Prompt) -> MediaPrompt:
        if prompt.soft_tokens is not None:
            raise CapabilityError("The reasoner 'omni' reads media and no soft tokens.")
        read = media_prompt(self.checkpoint.tokenizer, self.tracks, prompt)
        if len(read.ids) >= self.context_tokens:
            raise CapabilityError(
                f"The prompt has {len(read.ids)} tokens and '{self.checkpoint.provenance}' reads "
                f"at most {self.context_tokens}. Hand it fewer frames or less sound (omni.frames, "
                "omni.audio_s), or use shorter windows (window_s)."
            )
        return read

    def _complete(self, prompt: Prompt, max_new_tokens: int) -> Completion:
        read, state = self._read(prompt), self._state()
        logits = state.read(read)
        paths = label_paths(self.vocabulary, prompt)
        begun = () if paths is None else paths.common
        if begun:
            logits = state.feed([list(begun)])
        (scores,) = score_labels(state, logits, [paths])
        room = min(max_new_tokens, self.context_tokens - len(read.ids))
        answer = begun_answer(self.vocabulary, prompt, paths, scores, room)
        answer.pending = answer.pending[len(begun) :]  # the rest was read for the scores
        while answer.finish is None:
            if answer.pending:
                logits = state.feed([answer.pending])
            answer.take_best(logits[0].cpu())
        return answer.completion(len(read.ids), scores, self.checkpoint.provenance)


def open_omni(settings: Settings) -> OmniLM:
    """The reasoner for the checkpoint that `settings.model` names, probed.

    Raises:
        ConfigError: no checkpoint is named.
        WeightsError, CapabilityError, MissingExtra: see `open_omni_checkpoint` and the probes.
    """
    source = OMNI.model_of(settings)
    checkpoint, processor = open_omni_checkpoint(source, settings)
    calibration = read_calibration(Path(source) / CALIBRATION_FILE)
    reasoner = OmniLM(checkpoint, processor, calibration)
    probe_constraining(reasoner)
    probe_media(reasoner.media_tracks, reasoner.first_logits)
    return reasoner
