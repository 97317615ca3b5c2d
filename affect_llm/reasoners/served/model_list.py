"""What a server serves, by its own list at /v1/models."""

from dataclasses import dataclass
from difflib import get_close_matches

from affect_llm.errors import ConfigError
from affect_llm.reasoners.http.client import JsonClient
from affect_llm.reasoners.http.refusal import RefusedRequest

# vLLM's key first, then those of other servers that follow OpenAI's dialect.
_CONTEXT_KEYS = ("max_model_len", "context_length", "context_window", "max_context_length")


@dataclass(frozen=True, slots=True)
class ServedModel:
    """One line of the list.

    Args:
        id: the name to ask it by.
        root: folder or hub id it was started with, where the server says so (vLLM).
        parent: the model that a LoRA module sits on; None for a base model.
        context_tokens: longest prompt plus answer; None where the server does not say.
    """

    id: str
    root: str | None = None
    parent: str | None = None
    context_tokens: int | None = None


def list_models(client: JsonClient) -> tuple[ServedModel, ...]:
    """Every model there; none where the server keeps no list.

    Raises:
        ServerError: the server is down, or does not accept the key.
    """
    try:
        listed = client.get("/models", retries=0).get("data")
    except RefusedRequest as refused:
        if refused.status in (404, 405, 501):  # no such address, or not this way
            return ()
        raise
    lines = listed if isinstance(listed, list) else []
    models = []
    for line in lines:
        if isinstance(line, dict) and line.get("id"):
            lengths = [line[key] for key in _CONTEXT_KEYS if isinstance(line.get(key), int)]
            context = next((length for length in lengths if length > 0), None)
            root, parent = _text(line.get("root")), _text(line.get("parent"))
            models.append(ServedModel(str(line["id"]), root, parent, context))
    return tuple(models)


def pick_model(models: tuple[ServedModel, ...], name: str | None, url: str) -> ServedModel:
    """The model called `name`, or the only one where none is named.

    Raises:
        ConfigError: there is no such model, or several to choose from.
    """
    known = [model.id for model in models]
    if name is None and len(models) == 1:
        return models[0]
    if name is None:
        # Public servers list hundreds; a message should still fit a screen.
        listed = f" It serves: {', '.join(known[:20])}." if known else ""
        raise ConfigError(f"Set model to the name of a model that {url} serves.{listed}")
    if not models:
        return ServedModel(id=name)
    for model in models:
        if model.id == name:
            return model
    near = get_close_matches(name, known, n=3) or known[:3]
    raise ConfigError(f"The server {url} serves no '{name}'. Near: {', '.join(near)}.")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
