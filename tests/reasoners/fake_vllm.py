"""A vLLM in small: /v1/completions over tiny models that transformers runs, as vLLM answers."""

import base64
import io
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from fake_server import Asked, Reply, error
from transformers import DynamicCache

from affect_llm.reasoners.local.causal_lm import CausalLM


class FakeVllm:
    """Serves a reasoner's model as `base` and others as LoRA modules on it.

    `ignores` names fields of a request that it takes and does nothing about.
    """

    def __init__(
        self,
        base: CausalLM,
        folder: Path,
        modules: Mapping[str, CausalLM] | None = None,
        *,
        ignores: tuple[str, ...] = (),
        embeds: bool = True,
    ) -> None:
        self.models = {"base": base, **(modules or {})}
        self.folder = folder
        self.ignores = ignores
        self.embeds = embeds
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> Reply:
        if asked.method == "GET":
            return Reply({"data": [self._line(name) for name in self.models]})
        body = {k: v for k, v in asked.body.items() if k not in self.ignores}
        if body["model"] not in self.models:
            return error(404, f"The model `{body['model']}` does not exist.")
        if "prompt_embeds" in body and not self.embeds:
            return error(400, "You must set `--enable-prompt-embeds` to input `prompt_embeds`.")
        with self._lock, torch.inference_mode():
            return Reply(self._together(self.models[body["model"]], body))

    def _line(self, name: str) -> dict[str, Any]:
        parent = None if name == "base" else "base"
        root = str(self.folder) if name == "base" else f"/adapters/{name}"
        return {"id": name, "root": root, "parent": parent, "max_model_len": 1000}

    def _together(self, lm: CausalLM, body: dict[str, Any]) -> dict[str, Any]:
        key = "prompt_embeds" if "prompt_embeds" in body else "prompt"
        prompts = body[key]
        several = isinstance(prompts, list) and prompts and not isinstance(prompts[0], int)
        done = [self._complete(lm, {**body, key: p}) for p in (prompts if several else [prompts])]
        choices = [{**one["choices"][0], "index": n} for n, one in enumerate(done)]
        usage = {k: sum(one["usage"][k] for one in done) for k in done[0]["usage"]}
        return {"choices": choices[::-1], "usage": usage}

    def _complete(self, lm: CausalLM, body: dict[str, Any]) -> dict[str, Any]:
        read, cache = self._read(lm, body), DynamicCache()
        length = read.shape[1]
        matcher = None
        if schema := body.get("structured_outputs", {}).get("json"):
            plain = {k: v for k, v in schema.items() if k != "x-guidance"}
            matcher = lm.vocabulary.matcher(plain)
        ids: list[int] = []
        listed: list[dict[str, float]] = []
        finish = "length"
        while len(ids) < body["max_tokens"]:
            output = lm.checkpoint.model(inputs_embeds=read, past_key_values=cache, use_cache=True)
            logits = output.logits[0, -1].float()
            listed.append(_listed(logits.log_softmax(-1), body))
            token = int(_masked(logits, lm, matcher).argmax())
            if token in lm.vocabulary.eos_ids and not body.get("ignore_eos"):
                finish = "stop"
                break
            ids.append(token)
            listed[-1][f"token_id:{token}"] = float(logits.log_softmax(-1)[token])
            read = _embedded(lm, [token])
            if matcher is not None:
                matcher.consume_token(token)
                if matcher.is_stopped():
                    finish = "stop"
                    break
        choice = {
            "text": lm.vocabulary.decode(ids),
            "finish_reason": finish,
            "logprobs": {"top_logprobs": listed} if body.get("logprobs") is not None else None,
            "prompt_token_ids": self._ids(lm, body),
        }
        # As vLLM counts: with the token that ends an answer.
        usage = {"prompt_tokens": length, "completion_tokens": len(ids) + (finish == "stop")}
        return {"choices": [choice], "usage": usage}

    def _read(self, lm: CausalLM, body: dict[str, Any]) -> torch.Tensor:
        if "prompt_embeds" in body:
            raw = io.BytesIO(base64.b64decode(body["prompt_embeds"]))
            return torch.load(raw, weights_only=True)[None]
        return _embedded(lm, self._ids(lm, body))

    def _ids(self, lm: CausalLM, body: dict[str, Any]) -> list[int]:
        prompt = body.get("prompt", [])
        if isinstance(prompt, str):
            return list(lm.checkpoint.tokenizer.encode(prompt, add_special_tokens=False))
        return list(prompt)


def _embedded(lm: CausalLM, ids: list[int]) -> torch.Tensor:
    return lm.checkpoint.model.get_input_embeddings()(torch.tensor([ids]))


def _listed(logprobs: torch.Tensor, body: dict[str, Any]) -> dict[str, float]:
    ids = body.get("logprob_token_ids")
    if ids is None:
        ids = logprobs.topk(min(body.get("logprobs") or 0, 20)).indices.tolist()
    assert len(ids) <= 128
    return {f"token_id:{i}": float(logprobs[i]) for i in ids}


def _masked(logits: torch.Tensor, lm: CausalLM, matcher: Any) -> torch.Tensor:
    if matcher is None:
        return logits
    allowed = torch.from_numpy(lm.vocabulary.allowed(matcher))
    return logits.masked_fill(~allowed, float("-inf"))
