"""Where a served model is, and the key that opens it."""

import os
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from affect_llm.config import ServerSettings
from affect_llm.errors import ConfigError

EXAMPLE = "http://127.0.0.1:8000/v1"
"""Where `vllm serve` listens if it is told nothing else."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server whose address was checked.

    Args:
        url: http or https, up to and with "/v1", without a slash at the end.
        loopback: whether it runs on this very machine.
        key: what it is opened with; shown by no repr.
    """

    url: str
    loopback: bool
    key: str | None = field(default=None, repr=False)


def open_endpoint(server: ServerSettings, *, default: str | None = None) -> Endpoint:
    """The endpoint that the settings name, with its key from the environment.

    A server on this machine needs no key. One elsewhere needs one, and gets it over https only.

    Raises:
        ConfigError: no address, one that is not http(s) or carries a password, or no key; the
            message holds neither the key nor the password.
    """
    address = server.url or default
    if address is None:
        raise ConfigError(f"No server is named: set server.url, for example to {EXAMPLE}.")
    parts = _checked(address)
    try:
        loopback = ip_address(parts.hostname or "").is_loopback
    except ValueError:
        loopback = parts.hostname == "localhost"
    key = os.environ.get(server.api_key_env, "").strip() or None
    if key is not None and not (key.isascii() and key.isprintable() and " " not in key):
        raise ConfigError(
            f"The key in the environment variable {server.api_key_env} holds characters that no "
            "key has. Set it again."
        )
    if not loopback and parts.scheme == "https" and key is None:
        raise ConfigError(
            f"The server {parts.hostname} needs a key and the environment variable "
            f"{server.api_key_env} holds none. Set it, or name another variable by "
            "server.api_key_env."
        )
    if not loopback and parts.scheme == "http" and key is not None:
        raise ConfigError(
            f"The key in {server.api_key_env} would go to {parts.hostname} unencrypted. Use https, "
            "or name an empty variable by server.api_key_env if that server needs no key."
        )
    return Endpoint(address.rstrip("/"), loopback, key)


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"server.url is no address ({error}). Example: {EXAMPLE}.") from error
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigError(
            "server.url holds a password, a query or a fragment. Give the bare address, for "
            f"example {EXAMPLE}, and the key by an environment variable (server.api_key_env)."
        )
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigError(
            f"server.url is {address!r}, which is no http(s) address. Example: {EXAMPLE}."
        )
    return parts
