"""Weights that travel inside the package: small, made by our own training code."""

from pathlib import Path

from affect_llm.errors import WeightsError

_ROOT = Path(__file__).parents[1] / "shipped"


def shipped(name: str) -> Path:
    """The folder of a shipped weight ("voice_head", "face_net", "embedded").

    Raises:
        WeightsError: this build of the package carries no such weight.
    """
    folder = _ROOT / name
    if not folder.is_dir():
        raise WeightsError(
            f"This installation carries no '{name}' weights in {_ROOT}. Install affect_llm from a "
            "complete source tree, or make them again from one: make weights."
        )
    return folder
