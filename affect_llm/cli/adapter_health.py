"""What `doctor` finds out about an adapter's folder."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from affect_llm.errors import AffectError
from affect_llm.types import Model

if TYPE_CHECKING:
    from affect_llm.adapters.manifest import TrackEncoder


class TrackHealth(Model):
    """One track of features: the encoder it needs, and why that cannot be had; None if it can."""

    track: str
    encoder: str
    problem: str | None


class AdapterHealth(Model):
    """An adapter that is whole, and what it needs.

    Args:
        passport: `name@1#hash`.
        holds: "LoRA", "projector" or both.
        road: that it was trained for.
        base: passport of the model that it belongs on.
        base_problem: why that model is not the one here; None where it is, or is a person's own.
        prompt_problem: why it cannot be asked with this version's prompt; None where it can.
        tracks: of its projector.
        calibrated: whether it has temperatures of its own.
    """

    passport: str
    holds: tuple[str, ...]
    road: str
    base: str
    base_problem: str | None
    prompt_problem: str | None
    tracks: tuple[TrackHealth, ...]
    calibrated: bool

    @property
    def ok(self) -> bool:
        """Whether nothing is known that keeps it from being used here."""
        problems = (self.base_problem, self.prompt_problem, *(t.problem for t in self.tracks))
        return not any(problems)


def examine_adapter(folder: Path) -> AdapterHealth:
    """Hold a folder against its manifest, and look for what it needs.

    Raises:
        WeightsError: it is no adapter, or is not whole.
    """
    from affect_llm.adapters.folder import open_adapter
    from affect_llm.adapters.manifest import require_prompt

    adapter = open_adapter(folder)
    manifest = adapter.manifest
    parts = {"LoRA": manifest.lora, "projector": manifest.fusion}
    return AdapterHealth(
        passport=manifest.passport,
        holds=tuple(name for name, digest in parts.items() if digest is not None),
        road=manifest.road,
        base=f"{manifest.base.passport} ({manifest.base.reasoner})",
        base_problem=_base_problem(manifest.base.reasoner, manifest.base.weights),
        prompt_problem=_problem(lambda: require_prompt(manifest)),
        tracks=tuple(_track(track) for track in manifest.tracks),
        calibrated=adapter.calibration is not None,
    )


def _base_problem(reasoner: str, weights: str) -> str | None:
    """Only a model that ships with the package is known without a name from the person."""
    from affect_llm.reasoners.registry import reasoner_spec
    from affect_llm.store.pretrained import weight_files, weights_hash
    from affect_llm.store.shipped import shipped

    try:
        own = reasoner_spec(reasoner).shipped
        if own is None:
            return None
        here = weights_hash(weight_files(shipped(own)))
    except AffectError as error:
        return str(error)
    if here == weights:
        return None
    return (
        f"the {reasoner} model here has the weights {here}: use the version of affect-llm that it "
        "was trained with, or train it again"
    )


def _track(track: "TrackEncoder") -> TrackHealth:
    from affect_llm.adapters.tracks import open_encoders

    problem = _problem(lambda: open_encoders([track]))
    return TrackHealth(track=track.track, encoder=track.passport, problem=problem)


def _problem(check: Callable[[], object]) -> str | None:
    try:
        check()
    except AffectError as error:
        return str(error)
    return None
