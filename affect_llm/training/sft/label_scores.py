"""Label probabilities of the model in training, computed as its reasoner computes them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from affect_llm.fusion.model import Fusion
from affect_llm.fusion.slots import SlottedPrompt
from affect_llm.prompting.reason import Tracks, reason_prompt
from affect_llm.reasoners.local.batch_state import BatchState
from affect_llm.reasoners.local.device import memory_guard
from affect_llm.reasoners.local.label_probabilities import score_labels
from affect_llm.reasoners.tokens.label_paths import LabelPaths, label_paths
from affect_llm.training.sft.samples import TrainingSample
from affect_llm.training.sft.tokens import Tokens
from affect_llm.types import Features, Prompt, Road, SoftTokens

LogProbs = dict[str, float]


class Scorer:
    """Scores samples, `batch` at once, by the probability of each label at its place in the answer.

    The tracks are those of the projector; on the text road there are none.
    """

    def __init__(self, tokens: Tokens, tracks: Tracks, batch: int, device: str) -> None:
        self._tokens = tokens
        self._tracks = tracks
        self._batch = batch
        self._device = device
        self._paths: dict[tuple[tuple[str, ...], str], LabelPaths] = {}

    def score(
        self,
        llm: Any,
        fusion: Fusion | None,
        samples: Sequence[TrainingSample],
        road: Road,
        features: Sequence[Mapping[str, Features]] | None = None,
    ) -> list[LogProbs]:
        """Natural-log probability of each sample's labels, in order.

        Args:
            llm: as it is to be scored, adapters on or off.
            fusion: makes the soft tokens; None leaves the slots empty.
            samples: any.
            road: the cues and slots that a prompt shows.
            features: others than the samples' own, for controls.
        """
        prompts = [
            self._up_to_label(reason_prompt(sample.sheet, sample.labels, self._tracks, road))
            for sample in samples
        ]
        # Like lengths together: a batch is as long as its longest prompt.
        order = sorted(range(len(samples)), key=lambda n: len(prompts[n][0].ids))
        shown = features if features is not None else [sample.features for sample in samples]
        was_training = llm.training
        llm.eval()
        scores: dict[int, LogProbs] = {}
        pad = self._tokens.vocabulary.eos_ids[0]  # any id will do: padding is masked
        for start in range(0, len(order), self._batch):
            batch = order[start : start + self._batch]
            soft = [_soft(llm, fusion, shown[n], road) for n in batch]
            what = f"{len(batch)} prompts at once (score_batch)"
            with torch.inference_mode(), memory_guard(what):
                state = BatchState(llm, len(batch), pad, self._device)
                root = state.feed_prompts([prompts[n][0] for n in batch], soft)
                scored = score_labels(state, root, [prompts[n][1] for n in batch])
            scores |= {n: row for n, row in zip(batch, scored, strict=True) if row is not None}
        llm.train(was_training)
        return [scores[n] for n in range(len(samples))]

    def _up_to_label(self, prompt: Prompt) -> tuple[SlottedPrompt, LabelPaths]:
        """The prompt up to where the labels part, and what follows there.

        What follows depends on the labels and on the first modality, which the schema goes on with.
        """
        properties: Any = (prompt.answer_schema or {}).get("properties", {})
        first = next(iter(properties.get("modalities", {}).get("properties", {})), "")
        key = (prompt.labels, first)
        paths = self._paths.get(key) or label_paths(self._tokens.vocabulary, prompt)
        assert paths is not None, "a sample's prompt has labels"
        self._paths[key], read = paths, self._tokens.prompt(prompt)
        return SlottedPrompt((*read.ids, *paths.common), read.slots), paths


def _soft(
    llm: Any, fusion: Fusion | None, features: Mapping[str, Features], road: Road
) -> SoftTokens | None:
    if road == "text":
        return None
    if fusion is None:
        width = int(llm.get_input_embeddings().weight.shape[1])
        return SoftTokens(np.zeros((0, width), np.float32), (), (), (), "none")
    return fusion.fuse(features)
