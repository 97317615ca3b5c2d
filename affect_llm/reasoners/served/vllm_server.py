"""A model that a running vLLM server serves: probabilities, LoRA modules and soft tokens."""

from pathlib import Path

from affect_llm.adapters.folder import Adapter
from affect_llm.config import Settings
from affect_llm.errors import ConfigError
from affect_llm.reasoners.http.client import JsonClient
from affect_llm.reasoners.http.endpoint import EXAMPLE, open_endpoint
from affect_llm.reasoners.served.adapter import lora_room, open_served_adapter
from affect_llm.reasoners.served.embeddings import EmbeddingTable
from affect_llm.reasoners.served.lm import ServedLM
from affect_llm.reasoners.served.model_list import ServedModel, list_models
from affect_llm.reasoners.served.model_tokens import open_tokens
from affect_llm.reasoners.served.trials import proved
from affect_llm.reasoners.served.vllm_http import HttpTokenModel
from affect_llm.reasoners.spec import VLLM

_TRIAL_TEXT = 'The pitch is high, +1.6 sd. {"label":"joy"} Привет, 你好.'
"""Words, numbers, an answer's beginning and two other scripts: tokenizers differ somewhere here."""


def open_vllm_server(settings: Settings) -> ServedLM:
    """The model that the server at `settings.server.url` (this machine's by default) serves.

    `settings.model` is the folder or hub id that the server was started with, because its
    tokenizer is read here; without one, a server on this machine is asked for it. With
    `settings.adapter`, the LoRA module of the adapter's name is used.

    Raises:
        ConfigError: no such address, key, model or LoRA module.
        ServerError: the server is down or refuses.
        WeightsError: the folder is not whole, or the adapter belongs to another base.
        CapabilityError: the server serves another tokenizer, does not obey schemas, ignores the
            LoRA, or takes no soft tokens.
        MissingExtra: transformers or llguidance is not installed.
    """
    endpoint = open_endpoint(settings.server, default=EXAMPLE)
    client = JsonClient(endpoint, settings.server)
    models = list_models(client)
    base = next((model for model in models if model.parent is None), None)
    if base is None:
        raise ConfigError(
            f"The server {endpoint.url} lists no model. Check that it is a vLLM (docs/serving.md)."
        )
    tokens = open_tokens(_source(settings, base, loopback=endpoint.loopback))
    plain = HttpTokenModel(client, base.id)
    if plain.prompt_ids(_TRIAL_TEXT) != tokens.encode(_TRIAL_TEXT):
        raise ConfigError(
            f"The server's model '{base.id}' has another tokenizer than {tokens.folder}. Set "
            "model to the folder or hub id that the server was started with."
        )
    adapter = open_served_adapter(settings.adapter, tokens)
    context = min(tokens.context_tokens, base.context_tokens or tokens.context_tokens)
    soft, model = False, plain
    if adapter is not None:
        name = plain.name if adapter.manifest.lora is None else _module(models, adapter)
        # A vLLM that takes embeddings must not be open to others, so they go nowhere else.
        soft = adapter.manifest.fusion is not None and endpoint.loopback
        model = HttpTokenModel(client, name, EmbeddingTable(tokens.folder) if soft else None)
    reasoner = ServedLM(VLLM.name, tokens, model, adapter, context, soft=soft)
    return proved(reasoner, plain, adapter)


def _source(settings: Settings, base: ServedModel, *, loopback: bool) -> str:
    if settings.model is not None:
        return settings.model
    if loopback and base.root is not None and Path(base.root).is_dir():
        return base.root
    raise ConfigError(
        f"Set model to the folder or hub id of the model that is served ('{base.id}'): its "
        "tokenizer is read on this machine."
    )


def _module(models: tuple[ServedModel, ...], adapter: Adapter) -> str:
    name = adapter.manifest.name
    modules = [model.id for model in models if model.parent is not None]
    if name in modules:
        return name
    soft = "" if adapter.manifest.fusion is None else " --enable-prompt-embeds"
    served = f"serves {', '.join(modules)}" if modules else "serves none"
    rank, layers = lora_room(adapter)
    raise ConfigError(
        f"The server has no LoRA module called '{name}' ({served}). Start it with --enable-lora "
        f"--max-lora-rank {rank} --lora-target-modules {' '.join(layers)} --lora-modules "
        f"{name}={adapter.folder}{soft}."
    )
