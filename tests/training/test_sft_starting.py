"""A run that goes on from an adapter: it begins with its weights, or is refused."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from sft_kit import TRACK, feature_rows, read, request, save_checkpoint, tiny_settings

from affect_llm.errors import AffectError, ConfigError, WeightsError
from affect_llm.training.sft.run import train_sft
from affect_llm.training.sft.settings import SftSettings


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_checkpoint(tmp_path_factory.mktemp("starting") / "tiny", "llama")


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AFFECT_LLM_FEATURES", str(tmp_path / "features"))
    torch.set_num_threads(1)


def settings(base: Path, **changes: Any) -> SftSettings:
    chosen = {"road": "projected", "tracks": [TRACK], "lora": {"r": 4, "alpha": 8}, "max_steps": 3}
    return tiny_settings(base, **(chosen | changes))


def weights(folder: Path) -> dict[str, torch.Tensor]:
    fusion = folder / "fusion" / "fusion.safetensors"
    return load_file(folder / "adapter_model.safetensors") | (
        load_file(fusion) if fusion.is_file() else {}
    )


@pytest.fixture
def first(base: Path, tmp_path: Path) -> Path:
    """An adapter of the projected road."""
    train_sft(request(settings(base), read(tmp_path, feature_rows(24)), tmp_path / "first"))
    return tmp_path / "first"


def test_training_that_stands_still_ends_where_it_started(
    base: Path, tmp_path: Path, first: Path
) -> None:
    still = settings(
        base, road="both", start=str(first), learning_rate=1e-12, projector_learning_rate=1e-12
    )
    train_sft(request(still, read(tmp_path, feature_rows(24, seed=1)), tmp_path / "second"))
    before, after = weights(first), weights(tmp_path / "second")
    assert before.keys() == after.keys()
    for name, tensor in before.items():
        torch.testing.assert_close(after[name], tensor, atol=1e-9, rtol=0)
    fresh = settings(base, road="both", learning_rate=1e-12, projector_learning_rate=1e-12)
    train_sft(request(fresh, read(tmp_path, feature_rows(24, seed=1)), tmp_path / "fresh"))
    assert any(not torch.allclose(weights(tmp_path / "fresh")[n], t) for n, t in before.items())


def test_a_text_adapter_may_gain_a_projector(base: Path, tmp_path: Path) -> None:
    rows = read(tmp_path, feature_rows(24))
    plain = settings(base, road="text", tracks=[])
    train_sft(request(plain, rows, tmp_path / "words"))
    more = settings(base, road="both", start=str(tmp_path / "words"))
    train_sft(request(more, rows, tmp_path / "more"))
    assert (tmp_path / "more" / "fusion" / "fusion.safetensors").is_file()


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"lora": {"r": 8, "alpha": 8}}, WeightsError, "of another shape"),
        ({"road": "text", "tracks": []}, ConfigError, "has no projector than the adapter"),
        ({"projector": {"hidden": 32}}, ConfigError, "another projector or other tracks"),
        ({"stages": [{"train": "projector"}]}, ConfigError, "a LoRA, and the run trains none"),
    ],
)
def test_an_adapter_that_does_not_fit_the_run_is_refused(
    base: Path,
    tmp_path: Path,
    first: Path,
    changes: dict[str, Any],
    error: type[AffectError],
    said: str,
) -> None:
    asked = settings(base, start=str(first), **changes)
    with pytest.raises(error, match=said):
        train_sft(request(asked, read(tmp_path, feature_rows(24)), tmp_path / "out"))


def test_an_adapter_of_another_base_is_refused(base: Path, tmp_path: Path, first: Path) -> None:
    other = save_checkpoint(tmp_path / "other", "qwen2")
    with pytest.raises(WeightsError, match="was trained on"):
        train_sft(
            request(
                settings(other, start=str(first)),
                read(tmp_path, feature_rows(24)),
                tmp_path / "out",
            )
        )
