"""The options of `affect-llm train sft` that decide its settings."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from affect_llm.errors import ConfigError

if TYPE_CHECKING:
    from affect_llm.training.sft.settings import SftSettings


@dataclass(frozen=True, slots=True)
class SftOptions:
    """Each is the setting of its name; `recipe` lies below all of them and `--set` above."""

    labels: Annotated[str | None, Option(help="Label set or comma list.")] = None
    modalities: Annotated[str | None, Option(help="Cues to look for: text,audio,visual.")] = None
    validation_share: Annotated[
        float | None, Option(help="Share of the rows set apart, by groups.")
    ] = None
    test_share: Annotated[float | None, Option(help="Likewise, for the final figures.")] = None
    licences: Annotated[
        list[str] | None, Option("--licence", help="Licence of the data, for the card.")
    ] = None
    recipe: Annotated[str | None, Option(help="A recipe's name or YAML file; flags win.")] = None
    name: Annotated[str | None, Option(help="Of the adapter; else the folder's.")] = None
    base: Annotated[str | None, Option(help="embedded, a checkpoint folder or a hub id.")] = None
    start: Annotated[str | None, Option(help="An adapter's folder to go on from.")] = None
    quantize: Annotated[str | None, Option(help="Load the base in 4bit or 8bit.")] = None
    road: Annotated[str | None, Option(help="text, projected, both or mixed.")] = None
    device: Annotated[str | None, Option(help="auto, cpu, cuda …")] = None
    epochs: Annotated[float | None, Option(help="Over the training rows.")] = None
    max_steps: Annotated[int | None, Option(help="Of each stage; wins over epochs.")] = None
    learning_rate: Annotated[float | None, Option(help="Of LoRA, at its peak.")] = None
    batch_tokens: Annotated[int | None, Option(help="Tokens in a step.")] = None
    save_steps: Annotated[int | None, Option(help="Steps between checkpoints.")] = None
    seed: Annotated[int | None, Option(help="Of every draw.")] = None
    others: Annotated[
        list[str] | None, Option("--set", help="Any other setting: lora.r=8, batching=packed.")
    ] = None
    control: Annotated[str | None, Option(help="shuffled-labels: must gain nothing.")] = None

    def settings(self) -> "SftSettings":
        """The settings of the recipe, these options and `--set`.

        Raises:
            ConfigError: no such recipe, an unknown setting or a value out of range.
        """
        from affect_llm.training.sft.recipes import load_sft_settings

        flags = asdict(self)
        recipe, pairs = flags.pop("recipe"), flags.pop("others")
        flags["modalities"] = self.modalities and self.modalities.split(",")
        flags["licences"] = self.licences or None
        return load_sft_settings(recipe, flags, nested(pairs or []))


def nested(pairs: Sequence[str]) -> dict[str, Any]:
    """The settings of `--set key.inner=value`: {"lora": {"r": 8}} of ["lora.r=8"].

    Values are read as YAML.

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
