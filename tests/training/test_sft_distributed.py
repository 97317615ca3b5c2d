"""Several processes: two on the CPU train as one does; larger set-ups parse."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from accelerate.commands.config.config_args import load_config_from_file
from accelerate.utils import DeepSpeedPlugin, FullyShardedDataParallelPlugin
from safetensors.torch import load_file
from sft_kit import TRACK, feature_rows, save_checkpoint, write_rows

import affect_llm

CONFIGS = Path(affect_llm.__file__).parent / "recipes" / "accelerate"


@pytest.mark.parametrize("name", ["two-cpus", "fsdp", "deepspeed-zero2"])
def test_accelerate_reads_the_shipped_set_ups(name: str) -> None:
    file = CONFIGS / f"{name}.yaml"
    config = load_config_from_file(str(file))
    given = yaml.safe_load(file.read_text())
    assert config.num_processes == given["num_processes"]
    assert str(config.distributed_type).rpartition(".")[2] == given["distributed_type"]
    assert config.use_cpu == given["use_cpu"]


def test_the_fsdp_plugin_takes_its_settings() -> None:
    given = yaml.safe_load((CONFIGS / "fsdp.yaml").read_text())["fsdp_config"]
    plugin = FullyShardedDataParallelPlugin(
        fsdp_version=given["fsdp_version"],
        auto_wrap_policy=given["fsdp_auto_wrap_policy"].lower(),
        reshard_after_forward=given["fsdp_reshard_after_forward"],
        state_dict_type=given["fsdp_state_dict_type"],
        cpu_ram_efficient_loading=given["fsdp_cpu_ram_efficient_loading"],
    )
    assert plugin.fsdp_version == 2


def test_the_deepspeed_settings_are_those_of_its_plugin() -> None:
    given = yaml.safe_load((CONFIGS / "deepspeed-zero2.yaml").read_text())["deepspeed_config"]
    assert set(given) <= set(DeepSpeedPlugin.__dataclass_fields__)
    assert given["zero_stage"] in (0, 1, 2, 3)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_processes_train_as_one_does(tmp_path: Path) -> None:
    """The same steps of the same examples, shared out: the same weights up to rounding."""
    base = save_checkpoint(tmp_path / "tiny", "llama")
    rows = write_rows(tmp_path / "rows.jsonl", feature_rows(24))
    recipe: dict[str, Any] = {
        "base": str(base), "labels": "joy, anger", "modalities": ["text"], "device": "cpu",
        "road": "both", "tracks": [TRACK], "projector": {"dropout": 0.0}, "optimizer": "sgd",
        "lora": {"dropout": 0.0}, "schedule": "constant", "warmup": 0.0, "learning_rate": 0.01,
        "batching": "random", "max_steps": 2, "evaluations": 1, "save_steps": 2, "epochs": 20,
    }  # fmt: skip
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--config_file",
              str(CONFIGS / "two-cpus.yaml")]  # fmt: skip
    program = str(Path(sys.executable).with_name("affect-llm"))
    found = {}
    for name, start, share in (
        ("one", [sys.executable], {"batch_size": 2, "accumulate": 2}),
        ("two", launch, {"batch_size": 2, "accumulate": 1}),
    ):
        file = tmp_path / f"{name}.yaml"
        file.write_text(yaml.safe_dump(recipe | share))
        out = tmp_path / name
        run = subprocess.run(
            [*start, program, "train", "sft", "--recipe", str(file), "--data", str(rows),
             "--out", str(out)],
            capture_output=True, text=True, timeout=800,
            env={"PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1", "HOME": str(tmp_path),
                 "AFFECT_LLM_FEATURES": str(tmp_path / "features")},
        )  # fmt: skip
        assert run.returncode == 0, run.stderr[-3000:]
        assert run.stdout.count("use it with --adapter") == 1  # one process speaks
        found[name] = load_file(out / "adapter_model.safetensors") | load_file(
            out / "fusion" / "fusion.safetensors"
        )
    for key, tensor in found["one"].items():
        torch.testing.assert_close(found["two"][key], tensor, rtol=1e-3, atol=1e-5)
