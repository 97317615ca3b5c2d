"""A model that vLLM runs inside this process, for machines whose environment has vLLM."""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from affect_llm.adapters.folder import Adapter
from affect_llm.config import Settings
from affect_llm.errors import CapabilityError, ConfigError, MissingExtra
from affect_llm.reasoners.served.adapter import lora_room, open_served_adapter
from affect_llm.reasoners.served.embeddings import EmbeddingTable
from affect_llm.reasoners.served.lm import ServedLM
from affect_llm.reasoners.served.model import (
    MOST_SCORED,
    Scoring,
    Writing,
    WrittenAnswer,
    scorable,
)
from affect_llm.reasoners.served.model_tokens import ModelTokens, open_tokens
from affect_llm.reasoners.served.trials import proved
from affect_llm.reasoners.spec import VLLM_ENGINE
from affect_llm.reasoners.tokens.slotted_chat import TokenPrompt
from affect_llm.store.pretrained import first_line

_QUIET = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "VLLM_LOGGING_LEVEL": "ERROR"}
_CPU_CACHE = {"VLLM_CPU_KVCACHE_SPACE": "1"}
"""The GiB of key-value cache on a machine without a GPU; whoever set it already is heeded."""


class EngineTokenModel:
    """The engine with one LoRA, or none, on it; a whole list is one batch.

    Args:
        engine: a `vllm.LLM`.
        lora: a `LoRARequest`; None for the base model.
        table: embeds prompts with soft tokens; None where none may be given.
    """

    def __init__(self, engine: Any, lora: Any, table: EmbeddingTable | None) -> None:
        self.engine = engine
        self.lora = lora
        self.table = table

    def logprobs(self, scorings: Sequence[Scoring]) -> list[dict[int, float]]:
        """See `TokenModel.logprobs`."""
        parts = [(n, part) for n, (_, ids) in enumerate(scorings) for part in scorable(ids)]
        rows = [
            (scorings[n][0], {"max_tokens": 1, "logprobs": len(part), "logprob_token_ids": part})
            for n, part in parts
        ]
        scored: list[dict[int, float]] = [{} for _ in scorings]
        for (n, part), output in zip(parts, self._run(rows), strict=True):
            scored[n] |= {token: output.logprobs[0][token].logprob for token in part}
        return scored

    def write(self, writings: Sequence[Writing]) -> list[WrittenAnswer]:
        """See `TokenModel.write`."""
        from vllm.sampling_params import StructuredOutputsParams

        rows: list[tuple[TokenPrompt, dict[str, Any]]] = []
        for prompt, schema, room in writings:
            options: dict[str, Any] = {"max_tokens": room}
            if schema is not None:
                options["structured_outputs"] = StructuredOutputsParams(json=schema)
            rows.append((prompt, options))
        return [
            WrittenAnswer.counted(output.text, len(output.token_ids), output.finish_reason)
            for output in self._run(rows)
        ]

    def _run(self, rows: Sequence[tuple[TokenPrompt, dict[str, Any]]]) -> list[Any]:
        from vllm import SamplingParams

        if not rows:
            return []
        outputs = self.engine.generate(
            [self._read(prompt) for prompt, _ in rows],
            [SamplingParams(temperature=0, **how) for _, how in rows],
            use_tqdm=False,
            lora_request=self.lora,
        )
        return [output.outputs[0] for output in outputs]

    def _read(self, prompt: TokenPrompt) -> dict[str, Any]:
        if prompt.soft is None:
            return {"prompt_token_ids": list(prompt.chat.ids)}
        if self.table is None:
            raise CapabilityError("This engine was opened without an adapter with a projector.")
        return {"prompt_embeds": self.table.embeds(prompt)}


def open_vllm_engine(settings: Settings) -> ServedLM:
    """The checkpoint that `settings.model` names, with `settings.adapter` on it, probed.

    Raises:
        MissingExtra: vLLM is not in this environment.
        ConfigError: no checkpoint is named, or quantisation is asked for.
        WeightsError: the folder is not whole, or the adapter belongs to another base.
        CapabilityError: vLLM cannot run it here, or a probe failed.
    """
    if find_spec("vllm") is None:
        raise MissingExtra("vLLM inside this process", "vllm")
    source = VLLM_ENGINE.model_of(settings)
    if settings.quantize is not None:
        raise ConfigError(
            "The reasoner 'vllm-engine' does not quantise. Give a checkpoint that is quantised."
        )
    tokens = open_tokens(source)
    adapter = open_served_adapter(settings.adapter, tokens)
    soft = adapter is not None and adapter.manifest.fusion is not None
    engine = _engine(tokens, adapter, settings, soft=soft)
    lora = None
    if adapter is not None and adapter.manifest.lora is not None:
        from vllm.lora.request import LoRARequest

        # vLLM numbers LoRAs from 1 on, and this engine has one.
        lora = LoRARequest(adapter.manifest.name, 1, str(adapter.folder))
    model = EngineTokenModel(engine, lora, EmbeddingTable(tokens.folder) if soft else None)
    context = min(tokens.context_tokens, engine.llm_engine.model_config.max_model_len)
    reasoner = ServedLM(VLLM_ENGINE.name, tokens, model, adapter, context, soft=soft)
    return proved(reasoner, EngineTokenModel(engine, None, None), adapter)


def _engine(tokens: ModelTokens, adapter: Adapter | None, settings: Settings, *, soft: bool) -> Any:
    for name, value in (_QUIET | _CPU_CACHE).items():
        os.environ.setdefault(name, value)
    from vllm import LLM

    lora: dict[str, Any] = {}
    if adapter is not None and adapter.manifest.lora is not None:
        rank, targets = lora_room(adapter)
        lora = {"enable_lora": True, "max_lora_rank": rank, "lora_target_modules": targets}
    # The embedded model answers in float32 in process, so it does here.
    dtype = "float32" if settings.dtype == "auto" and not tokens.writes else settings.dtype
    try:
        return LLM(
            model=str(tokens.folder),
            dtype=dtype,
            load_format="safetensors",
            trust_remote_code=False,
            max_logprobs=MOST_SCORED,
            # The grammar that in-process answers follow; others put blanks between the parts.
            structured_outputs_config={"backend": "guidance", "disable_any_whitespace": True},
            enable_prompt_embeds=soft,
            **lora,
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise CapabilityError(
            f"vLLM cannot run the model in {tokens.folder} here: {first_line(error)}. Its log says "
            "more (VLLM_LOGGING_LEVEL=INFO)."
        ) from error
