"""What a vLLM has to prove before it is trusted: schemas, the LoRA, soft tokens."""

import numpy as np

from affect_llm.adapters.folder import Adapter
from affect_llm.adapters.lora import PROBE_IDS
from affect_llm.errors import CapabilityError
from affect_llm.fusion.slots import SlottedPrompt
from affect_llm.reasoners.reasoner import Reasoner
from affect_llm.reasoners.served.model import TokenModel, TokenPrompt
from affect_llm.reasoners.served.probe import obeys_schema
from affect_llm.reasoners.served.tokens import ModelTokens
from affect_llm.types import SoftTokens

_NOISE = 1e-3
"""Natural-log probabilities that differ by less may be the same sum in another order."""


def require_schema(reasoner: Reasoner) -> None:
    """Refuse a server that takes a schema and ignores it.

    Raises:
        CapabilityError: a tiny answer breaks its schema.
    """
    if not obeys_schema(reasoner):
        raise CapabilityError(
            f"The server behind '{reasoner.name}' does not obey an answer schema. Start it with "
            "--structured-outputs-config.backend=guidance (docs/serving.md)."
        )


def require_lora_effect(base: TokenModel, adapted: TokenModel, adapter: Adapter) -> None:
    """Refuse a LoRA module whose log probabilities are the base model's.

    Raises:
        CapabilityError: none of a few dozen differs.
    """
    prompts = [TokenPrompt(SlottedPrompt(PROBE_IDS[:n], ())) for n in (1, 4, len(PROBE_IDS))]
    asked = [(prompt, PROBE_IDS) for prompt in prompts]
    plain, changed = base.logprobs(asked), adapted.logprobs(asked)
    apart = max(
        abs(one[token] - two[token])
        for one, two in zip(plain, changed, strict=True)
        for token in PROBE_IDS
    )
    if apart < _NOISE:
        raise CapabilityError(
            f"The server ignores the LoRA '{adapter.manifest.name}': its log probabilities are the "
            "base model's. Start the server anew with --lora-modules, and check its log."
        )


def require_soft_tokens(model: TokenModel, tokens: ModelTokens) -> None:
    """Refuse a server that reads embeddings otherwise than the ids that they stand for.

    Raises:
        CapabilityError: it takes none, or the log probabilities are others.
    """
    ids = TokenPrompt(SlottedPrompt(PROBE_IDS, ()))
    none = SoftTokens(np.zeros((0, 1), np.float32), (), (), (), "none")
    embedded = TokenPrompt(SlottedPrompt(PROBE_IDS, ()), none)
    by_id, by_embedding = model.logprobs([(ids, PROBE_IDS), (embedded, PROBE_IDS)])
    apart = max(abs(by_id[token] - by_embedding[token]) for token in PROBE_IDS)
    if apart > 10 * _NOISE:
        raise CapabilityError(
            f"The server reads the embeddings of {tokens.folder} otherwise than their token ids "
            f"(log probabilities differ by up to {apart:.3g}), so soft tokens would be misread. "
            "Use the reasoner 'transformers'."
        )
