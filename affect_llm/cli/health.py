"""The health of this machine and this installation, for `doctor`."""

import platform
import re
import time
from importlib import metadata
from importlib.util import find_spec

from pydantic import Field

from affect_llm import __version__
from affect_llm.errors import AffectError
from affect_llm.store.wholeness import ShippedWeights, inspect_shipped
from affect_llm.types import Model

SHIPPED = ("embedded", "voice_head", "face_net")
_GATHERINGS = ("all", "dev", "demo")
"""Extras that only name other extras."""
_REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+).*?(?:extra\s*==\s*['\"]([^'\"]+)['\"])?$")


class GoldenClip(Model):
    """How the example clip was answered.

    Args:
        state: answered, failed, absent (this installation came without it) or skipped.
        seconds: wall time of the answer, loading included.
    """

    state: str
    detail: str
    seconds: float | None = None


class Health(Model):
    """Everything `doctor` says.

    Args:
        extras: extra → package → installed version, None where it is missing.
        devices: where models can run.
        shipped: weights that travel inside the package.
        models: name of a weight → whether it is in the store.
        reasoners: name → what it is.
    """

    affect_llm: str
    python: str
    platform: str
    extras: dict[str, dict[str, str | None]]
    devices: tuple[str, ...]
    shipped: tuple[ShippedWeights, ...]
    models: dict[str, bool]
    reasoners: dict[str, str] = Field(default_factory=dict)
    golden_clip: GoldenClip

    @property
    def ok(self) -> bool:
        """Whether what ships with the package is whole and answers."""
        whole = all(not weights.problems for weights in self.shipped)
        return whole and self.golden_clip.state != "failed"


def examine(*, quick: bool) -> Health:
    """Look at everything; `quick` leaves the example clip out."""
    from affect_llm.reasoners.registry import reasoner_specs
    from affect_llm.store.cache import locate
    from affect_llm.store.entries import entries

    return Health(
        affect_llm=__version__,
        python=platform.python_version(),
        platform=platform.platform(),
        extras=installed_extras(),
        devices=devices(),
        shipped=tuple(inspect_shipped(name) for name in SHIPPED),
        models={name: locate(name) is not None for name in entries()},
        reasoners={spec.name: spec.summary for spec in reasoner_specs()},
        golden_clip=GoldenClip(state="skipped", detail="--quick") if quick else golden_clip(),
    )


def installed_extras() -> dict[str, dict[str, str | None]]:
    """Extra → package → installed version, None where it is missing; "base" without extra."""
    try:
        requirements = metadata.requires("affect_llm") or []
    except metadata.PackageNotFoundError:
        return {}
    table: dict[str, dict[str, str | None]] = {}
    for requirement in requirements:
        match = _REQUIREMENT.match(requirement)
        if match and match[2] not in _GATHERINGS:
            table.setdefault(match[2] or "base", {})[match[1]] = _version(match[1])
    return dict(sorted(table.items()))


def devices() -> tuple[str, ...]:
    """Where models can run, as PyTorch sees it."""
    if find_spec("torch") is None:
        return ("cpu (PyTorch is not installed)",)
    import torch

    cards = [torch.cuda.get_device_properties(n) for n in range(torch.cuda.device_count())]
    return (
        f"cpu ({torch.get_num_threads()} threads)",
        *(f"cuda:{n} ({c.name}, {c.total_memory / 1e9:.1f} GB)" for n, c in enumerate(cards)),
        *(("mps",) if torch.backends.mps.is_available() else ()),
    )


def golden_clip() -> GoldenClip:
    """Answer the example clip and say what came out."""
    from affect_llm.cli.demo import demo_clip
    from affect_llm.config import Settings
    from affect_llm.pipeline import Failure, Pipeline, Source

    try:
        clip = demo_clip()
    except AffectError as error:
        return GoldenClip(state="absent", detail=str(error))
    start = time.perf_counter()
    try:
        (outcome,) = Pipeline(Settings()).run([Source(path=clip)])
    except AffectError as error:
        return GoldenClip(state="failed", detail=str(error))
    seconds = round(time.perf_counter() - start, 2)
    if isinstance(outcome, Failure):
        return GoldenClip(state="failed", detail=outcome.message, seconds=seconds)
    if not outcome.labels:
        return GoldenClip(state="failed", detail=outcome.unparsed or "no label", seconds=seconds)
    cited = sum(bool(sentence.cue_ids) for sentence in outcome.explanation)
    confidence = "" if outcome.confidence is None else f", confidence {outcome.confidence:.2f}"
    detail = f"{outcome.labels[0]}{confidence}, {cited} sentences with evidence"
    return GoldenClip(state="answered", detail=detail, seconds=seconds)


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
