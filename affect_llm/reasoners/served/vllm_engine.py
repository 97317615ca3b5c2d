"""A model that vLLM runs inside this process, for machines whose environment has vLLM."""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from affect_llm.adapters.folder import Adapter
from affect_llm.config import Settings
from affect_llm.errors import CapabilityError, ConfigError, MissingExtra
from affect_llm.reasoners.served.adapter import lora_rank, lora_targets, open_served_adapter
from affect_llm.reasoners.served.embeddings import EmbeddingTable
from affect_llm.reasoners.served.lm import ServedLM
from affect_llm.reasoners.served.model import (
    MOST_ALLOWED,
    MOST_SCORED,
    Asked,
    TokenPrompt,
    Writing,
    Written,
    pieces,
)
from affect_llm.reasoners.served.tokens import ModelTokens, open_tokens
from affect_llm.reasoners.served.trials import (
    require_lora_effect,
    require_schema,
    require_soft_tokens,
)
from affect_llm.reasoners.specs import VLLM_ENGINE
from affect_llm.store.pretrained import first_line

_QUIET = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "VLLM_LOGGING_LEVEL": "ERROR"}
_CPU_CACHE = {"VLLM_CPU_KVCACHE_SPACE": "1"}
"""GiB of key-value cache on a machine without a GPU."""


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

    def best(self, asked: Sequence[Asked]) -> list[int]:
        """See `TokenModel.best`."""
        split = [(n, p, some) for n, (p, ids) in enumerate(asked) for some in _split(ids)]
        rows = [(p, {"max_tokens": 1, "ignore_eos": True, **how}) for _, p, how in split]
        found: list[dict[int, float]] = [{} for _ in asked]
        for (n, _, _), said in zip(split, self._run(rows), strict=True):
            token = said.token_ids[0]
            found[n][token] = said.logprobs[0][token].logprob
        return [max(told, key=told.__getitem__) for told in found]

    def logprobs(self, asked: Sequence[Asked]) -> list[dict[int, float]]:
        """See `TokenModel.logprobs`."""
        split = [
            (n, prompt, some)
            for n, (prompt, ids) in enumerate(asked)
            for some in pieces(ids, MOST_SCORED)
        ]
        rows = [
            (prompt, {"max_tokens": 1, "logprobs": len(some), "logprob_token_ids": some})
            for _, prompt, some in split
        ]
        found: list[dict[int, float]] = [{} for _ in asked]
        for (n, _, some), said in zip(split, self._run(rows), strict=True):
            found[n] |= {token: said.logprobs[0][token].logprob for token in some}
        return found

    def write(self, asked: Sequence[Writing]) -> list[Written]:
        """See `TokenModel.write`."""
        rows = [(prompt, _writing(schema, room)) for prompt, schema, room in asked]
        return [
            Written(said.text, len(said.token_ids), cut=said.finish_reason == "length")
            for said in self._run(rows)
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


def _split(allowed: Sequence[int]) -> list[dict[str, Any]]:
    return [{"logprobs": 1, "allowed_token_ids": some} for some in pieces(allowed, MOST_ALLOWED)]


def _writing(schema: dict[str, object] | None, room: int) -> dict[str, Any]:
    if schema is None:
        return {"max_tokens": room}
    from vllm.sampling_params import StructuredOutputsParams

    return {"max_tokens": room, "structured_outputs": StructuredOutputsParams(json=schema)}


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
    chosen = settings.adapter
    adapter = None if chosen is None else open_served_adapter(Path(chosen), tokens)
    engine = _engine(tokens, adapter, settings)
    return _probed(engine, tokens, adapter)


def _probed(engine: Any, tokens: ModelTokens, adapter: Adapter | None) -> ServedLM:
    soft = adapter is not None and adapter.manifest.fusion is not None
    lora = None if adapter is None else _lora_request(adapter)
    model = EngineTokenModel(engine, lora, EmbeddingTable(tokens.folder) if soft else None)
    if adapter is not None and lora is not None:
        require_lora_effect(EngineTokenModel(engine, None, None), model, adapter)
    if soft:
        require_soft_tokens(model, tokens)
    context = min(tokens.context_tokens, engine.llm_engine.model_config.max_model_len)
    reasoner = ServedLM(VLLM_ENGINE.name, tokens, model, adapter, context, soft=soft)
    require_schema(reasoner)
    return reasoner


def _engine(tokens: ModelTokens, adapter: Adapter | None, settings: Settings) -> Any:
    for name, value in (_QUIET | _CPU_CACHE).items():
        os.environ.setdefault(name, value)
    from vllm import LLM

    dtype = "float32" if settings.dtype == "auto" and not tokens.writes else settings.dtype
    try:
        return LLM(
            model=str(tokens.folder),
            dtype=dtype,
            load_format="safetensors",
            trust_remote_code=False,
            max_logprobs=MOST_SCORED,
            structured_outputs_config={"backend": "guidance", "disable_any_whitespace": True},
            enable_prompt_embeds=adapter is not None and adapter.manifest.fusion is not None,
            **_lora_room(adapter),
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise CapabilityError(
            f"vLLM cannot run the model in {tokens.folder} here: {first_line(error)}. Its log says "
            "more (VLLM_LOGGING_LEVEL=INFO)."
        ) from error


def _lora_room(adapter: Adapter | None) -> dict[str, Any]:
    if adapter is None or adapter.manifest.lora is None:
        return {}
    rank, targets = lora_rank(adapter), lora_targets(adapter)
    return {"enable_lora": True, "max_lora_rank": rank, "lora_target_modules": targets}


def _lora_request(adapter: Adapter) -> Any:
    if adapter.manifest.lora is None:
        return None
    from vllm.lora.request import LoRARequest

    return LoRARequest(adapter.manifest.name, 1, str(adapter.folder))
