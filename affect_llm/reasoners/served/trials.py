"""What a vLLM has to prove before it is trusted: schemas, the LoRA, soft tokens."""

import numpy as np

from affect_llm.adapters.folder import Adapter
from affect_llm.adapters.lora import PROBE_IDS
from affect_llm.errors import CapabilityError
from affect_llm.fusion.slots import SlottedPrompt
from affect_llm.reasoners.served.lm import ServedLM
from affect_llm.reasoners.served.model import TokenModel
from affect_llm.reasoners.served.model_tokens import ModelTokens
from affect_llm.reasoners.served.probe import obeys_schema
from affect_llm.reasoners.tokens.slotted_chat import TokenPrompt
from affect_llm.types import SoftTokens

_NOISE = 1e-3
"""Natural-log probabilities that differ by less may be the same sum in another order."""


def proved(reasoner: ServedLM, base: TokenModel, adapter: Adapter | None) -> ServedLM:
    """The reasoner, once its LoRA, its soft tokens and its schemas were seen to work.

    Args:
        reasoner: that is opened.
        base: its model without the adapter.
        adapter: that is on; None for the base model.

    Raises:
        CapabilityError: one of them does not work.
    """
    if adapter is not None and adapter.manifest.lora is not None:
        # Of three lengths: a LoRA on queries and keys alone changes nothing after a single token.
        prompts = [TokenPrompt(SlottedPrompt(PROBE_IDS[:n], ())) for n in (1, 4, len(PROBE_IDS))]
        scorings = [(prompt, PROBE_IDS) for prompt in prompts]
        if max(map(_distance, base.logprobs(scorings), reasoner.model.logprobs(scorings))) < _NOISE:
            raise CapabilityError(
                f"The server ignores the LoRA '{adapter.manifest.name}': its log probabilities are "
                "the base model's. Start the server anew with --lora-modules, and check its log."
            )
    if "soft_tokens" in reasoner.capabilities:
        _require_soft_tokens(reasoner.model, reasoner.tokens)
    if not obeys_schema(reasoner):
        raise CapabilityError(
            f"The server behind '{reasoner.name}' does not obey an answer schema. Start it with "
            "--structured-outputs-config.backend=guidance (docs/serving.md)."
        )
    return reasoner


def _require_soft_tokens(model: TokenModel, tokens: ModelTokens) -> None:
    """Refuse a server that reads embeddings otherwise than the ids that they stand for."""
    chat = SlottedPrompt(PROBE_IDS, ())
    none = SoftTokens(np.zeros((0, 1), np.float32), (), (), (), "none")
    prompts = (TokenPrompt(chat), TokenPrompt(chat, none))
    by_id, by_embedding = model.logprobs([(prompt, PROBE_IDS) for prompt in prompts])
    apart = _distance(by_id, by_embedding)
    # The embeddings may have been rounded to the server's precision on their way.
    if apart > 10 * _NOISE:
        raise CapabilityError(
            f"The server reads the embeddings of {tokens.folder} otherwise than their token ids "
            f"(log probabilities differ by up to {apart:.3g}), so soft tokens would be misread. "
            "Use the reasoner 'transformers'."
        )


def _distance(one: dict[int, float], two: dict[int, float]) -> float:
    return max(abs(one[token] - two[token]) for token in PROBE_IDS)
