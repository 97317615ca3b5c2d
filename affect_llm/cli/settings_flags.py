"""`--set key.inner=value` as nested settings; values are read as YAML."""

from collections.abc import Sequence
from typing import Any

from affect_llm.errors import ConfigError


def nested(pairs: Sequence[str]) -> dict[str, Any]:
    """{"lora": {"r": 8}} of ["lora.r=8"].

    Raises:
        ConfigError: a pair without "=", a value that is not YAML, or a setting inside what was
            set to a single value before.
    """
    import yaml

    settings: dict[str, Any] = {}
    for pair in pairs:
        path, equals, value = pair.partition("=")
        if not equals or not path:
            raise ConfigError(f"--set wants key=value, such as lora.r=8, and got '{pair}'.")
        *parents, last = path.strip().split(".")
        place = settings
        for parent in parents:
            place = place.setdefault(parent, {})
            if not isinstance(place, dict):
                raise ConfigError(f"--set {path}: '{parent}' was set to {place!r} before.")
        try:
            place[last] = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise ConfigError(f"--set {path}: '{value}' is not a value in YAML.") from error
    return settings
