"""Annotated items and scores."""

from dataclasses import dataclass, field

from pydantic import Field

from affect_llm.types.base import Model


@dataclass(frozen=True, slots=True)
class Sample:
    """One annotated item of a dataset: files or text, what people said of it, and its split."""

    id: str
    annotations: dict[str, object]
    split: str
    group: str
    text: str | None = None
    paths: dict[str, str] = field(default_factory=dict)


class Score(Model):
    """A number with its interval, what it was computed on and what was left out, by reason."""

    name: str
    value: float | None
    n: int
    interval: tuple[float, float] | None = None
    skipped: dict[str, int] = Field(default_factory=dict)
