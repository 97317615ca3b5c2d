"""The health of an adapter's folder, for `doctor --adapter`."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from affect_llm.errors import AffectError
from affect_llm.types import Model


class TrackHealth(Model):
    """One track of features: the encoder it needs, and why that cannot be had; None if it can."""

    track: str
    encoder: str
    problem: str | None


class AdapterHealth(Model):
    """An adapter that is whole, and what it needs.

    Args:
        passport: its provenance, `name@1#hash`.
        holds: "LoRA", "projector" or both.
        road: the one that it was trained for.
        base: provenance of the model that it belongs on.
        base_problem: why that model is not the one here; None where it is, or is a person's own.
        prompt_problem: why it cannot be asked with this version's prompt; None where it can.
        tracks: the features that its projector takes.
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
    from affect_llm.adapters.tracks import open_encoders

    adapter = open_adapter(folder)
    manifest = adapter.manifest
    parts = {"LoRA": manifest.lora, "projector": manifest.fusion}
    return AdapterHealth(
        passport=manifest.provenance,
        holds=tuple(name for name, digest in parts.items() if digest is not None),
        road=manifest.road,
        base=f"{manifest.base.provenance} ({manifest.base.reasoner})",
        base_problem=_base_problem(manifest.base.reasoner, manifest.base.weights),
        prompt_problem=_problem(partial(require_prompt, manifest)),
        tracks=tuple(
            TrackHealth(
                track=track.track,
                encoder=track.passport,
                problem=_problem(partial(open_encoders, [track])),
            )
            for track in manifest.tracks
        ),
        calibrated=adapter.calibration is not None,
    )


def _base_problem(reasoner: str, weights: str) -> str | None:
    """Why the base is not the model here; only a model that ships needs no name to be known."""
    from affect_llm.reasoners.registry import reasoner_spec
    from affect_llm.store.pretrained import weight_files, weights_hash
    from affect_llm.store.shipped import shipped

    try:
        name = reasoner_spec(reasoner).shipped
        here = weights if name is None else weights_hash(weight_files(shipped(name)))
    except AffectError as error:
        return str(error)
    if here == weights:
        return None
    return (
        f"the {reasoner} model here has the weights {here}: use the version of affect-llm that it "
        "was trained with, or train it again"
    )


def _problem(check: Callable[[], object]) -> str | None:
    try:
        check()
    except AffectError as error:
        return str(error)
    return None
