"""Recipes: settings in YAML, by the name of one that ships here or by file."""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from affect_llm.config import merged
from affect_llm.errors import ConfigError
from affect_llm.fusion.config import WithOptions
from affect_llm.fusion.registry import PROJECTORS
from affect_llm.registry import unknown_name
from affect_llm.training.sft.settings import SftSettings
from affect_llm.validation import first_problem

_SHIPPED = files("affect_llm") / "recipes"


def recipe_names() -> tuple[str, ...]:
    """Names of the recipes that ship in the package."""
    names = (file.name for file in _SHIPPED.iterdir() if file.name.endswith(".yaml"))
    return tuple(sorted(name.removesuffix(".yaml") for name in names))


def load_sft_settings(
    recipe: str | None, flags: Mapping[str, Any], nested: Mapping[str, Any] | None = None
) -> SftSettings:
    """Defaults, then the recipe, then flags; a flag of None was not given.

    Args:
        recipe: a name of `recipe_names`, or a YAML file.
        flags: by setting.
        nested: settings within settings ({"lora": {"r": 8}}); what they do not name stays.

    Raises:
        ConfigError: no such recipe, not YAML, an unknown key or a value out of range.
    """
    values = {} if recipe is None else _read(recipe)
    values |= {key: value for key, value in flags.items() if value is not None}
    values = merged(values, nested or {})
    try:
        return SftSettings.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_sentence(error, values)) from error


def _read(recipe: str) -> dict[str, Any]:
    path = Path(recipe)
    named = path.suffix in (".yaml", ".yml")
    if not named and recipe not in recipe_names():
        raise ConfigError(f"{unknown_name('recipes', recipe, recipe_names())} Or give a YAML file.")
    source = path if named else _SHIPPED / f"{recipe}.yaml"
    try:
        values = yaml.safe_load(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The recipe {recipe} cannot be read: {error}.") from error
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise ConfigError(f"The recipe {recipe} is not YAML: {reason}.") from error
    if not isinstance(values, dict):
        raise ConfigError(f"The recipe {recipe} must be a mapping of settings to values.")
    return {str(key): value for key, value in values.items()}


def _sentence(error: ValidationError, values: Mapping[str, Any]) -> str:
    problem = first_problem(error)
    path = [part for part in problem.path if not isinstance(part, int)]
    name = ".".join(path)
    if problem.unknown:
        known = _fields(SftSettings, path[:-1], values)
        near = get_close_matches(path[-1], known, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        return f"There is no training setting '{name}'.{hint} Known: {', '.join(known)}."
    if not path:
        return f"The training settings contradict one another: {problem.message}."
    return f"The training setting '{name}' is {problem.given!r}: {problem.message}."


def _fields(model: type[BaseModel], path: list[str], values: Mapping[str, Any]) -> list[str]:
    """Names that the model at the end of `path` takes; those of a kind are among `values`."""
    for part in path:
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        inner = [annotation, *getattr(annotation, "__args__", ())]
        models = [t for t in inner if isinstance(t, type) and issubclass(t, BaseModel)]
        if not models:
            break
        model, values = models[0], values.get(part, {}) if isinstance(values, Mapping) else {}
    if not issubclass(model, WithOptions):
        return list(model.model_fields)
    fields = {name: field for name, field in model.model_fields.items() if name != "options"}
    kind = PROJECTORS.get(values.get("kind", fields["kind"].default))
    return [*fields, *kind.options_type.model_fields]
