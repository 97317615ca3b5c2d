"""The list of scenes, as read from `labels.yaml`."""

from functools import cache
from importlib.resources import files

import yaml
from pydantic import Field

from affect_llm.types import Model


class Descriptions(Model):
    """Scenes and the sentences they are put into.

    Args:
        version: raised with every change.
        templates: each with one `{}` for the label.
        labels: noun phrases.
    """

    version: int = Field(gt=0)
    templates: tuple[str, ...] = Field(min_length=1)
    labels: tuple[str, ...] = Field(min_length=2)

    def texts(self, label: str) -> list[str]:
        """One sentence per template, with `label` put into it."""
        return [template.format(label) for template in self.templates]


@cache
def descriptions() -> Descriptions:
    """The list of scenes that comes with the package."""
    text = files("affect_llm.cues.scene").joinpath("labels.yaml").read_text("utf-8")
    return Descriptions.model_validate(yaml.safe_load(text))
