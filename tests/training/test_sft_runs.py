"""Whole runs: from rows to an adapter that loads, stops that lose nothing, and refusals."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from sft_kit import (
    TRACK,
    feature_rows,
    planted_rows,
    read,
    request,
    save_checkpoint,
    tiny_settings,
)

from affect_llm.adapters.folder import open_adapter
from affect_llm.errors import CapabilityError, ConfigError, DataError
from affect_llm.locks import sole_run
from affect_llm.training.loop.batches import Example
from affect_llm.training.loop.workplace import workplace
from affect_llm.training.merge import export_model, merge_adapter
from affect_llm.training.sft.examples import ExampleMaker, Question
from affect_llm.training.sft.run import train_sft
from affect_llm.training.sft.settings import SftSettings
from affect_llm.training.sft.sft_report import Evaluation, best_of
from affect_llm.training.sft.trainer import SftTrainer
from affect_llm.types import Modality, Road


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_checkpoint(tmp_path_factory.mktemp("runs") / "tiny", "llama")


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AFFECT_LLM_FEATURES", str(tmp_path / "features"))
    torch.set_num_threads(1)


def both(base: Path, **changes: Any) -> SftSettings:
    """LoRA with dropout, projector, mixed roads and damage: all that draws by chance."""
    chosen: dict[str, Any] = {
        "road": "mixed",
        "tracks": [TRACK],
        "curriculum": {"tokens": [0.2, 0.2], "noise": [0.1, 0.1]},
        "lora": {"r": 4, "alpha": 8, "dropout": 0.2},
        "tasks": {"label": 1.0, "answer": 0.5},
    }
    return tiny_settings(base, **(chosen | changes))


def weights(folder: Path) -> dict[str, torch.Tensor]:
    found = load_file(folder / "adapter_model.safetensors")
    fusion = folder / "fusion" / "fusion.safetensors"
    return found | (load_file(fusion) if fusion.is_file() else {})


class Stopped(BaseException):
    """As if the process were killed."""


def test_a_second_run_on_the_same_folder_is_told_of_the_first(base: Path, tmp_path: Path) -> None:
    rows, out = read(tmp_path, planted_rows(12)), tmp_path / "adapter"
    with sole_run(out), pytest.raises(ConfigError, match="Another training run is working in"):
        train_sft(request(tiny_settings(base), rows, out))
    assert not workplace(out).exists()


def test_a_stopped_run_goes_on_to_the_very_weights_of_an_unbroken_one(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = read(tmp_path, feature_rows(36))
    settings = both(base, evaluations=6)
    unbroken = train_sft(request(settings, rows, tmp_path / "whole"))
    step = SftTrainer.training_step
    taken = 0

    def stop(self: SftTrainer, *args: Any, **kwargs: Any) -> Any:
        nonlocal taken
        taken += 1
        if taken == 5:  # two steps after the checkpoint of step 3
            raise Stopped
        return step(self, *args, **kwargs)

    monkeypatch.setattr(SftTrainer, "training_step", stop)
    with pytest.raises(Stopped):
        train_sft(request(settings, rows, tmp_path / "part"))
    assert not (tmp_path / "part").exists()
    with pytest.raises(ConfigError, match="--resume"):
        train_sft(request(settings, rows, tmp_path / "part"))
    other = settings.model_copy(update={"learning_rate": 1.0})
    with pytest.raises(ConfigError, match="another learning_rate"):
        train_sft(request(other, rows, tmp_path / "part", resume=True))
    resumed = train_sft(request(settings, rows, tmp_path / "part", resume=True))
    assert taken == 8  # steps 4 to 6 again, and no more
    # What the killed run had evaluated beyond its checkpoint is forgotten, and evaluated again.
    assert [e.step for e in resumed.stages[0].evaluations] == [1, 2, 3, 4, 5, 6]
    assert resumed.stages[0].evaluations == unbroken.stages[0].evaluations
    whole, part = weights(tmp_path / "whole"), weights(tmp_path / "part")
    assert whole.keys() == part.keys()
    assert all(torch.equal(whole[name], part[name]) for name in whole)
    assert not workplace(tmp_path / "part").exists()


_RELOAD = """
import sys, json, torch
torch.set_num_threads(1)
from affect_llm.config import Settings
from affect_llm.pipeline import Pipeline, Source
base, adapter, labels = sys.argv[1:]
settings = Settings(reasoner="transformers", model=base, adapter=adapter, labels=labels,
                    device="cpu", dtype="float32", modalities=("text",))
result = next(iter(Pipeline(settings).run([Source(text="the car zorbel road")])))
print(json.dumps([result.distribution, result.provenance.calibrated]))
"""


def test_a_fresh_process_gives_the_same_probabilities(base: Path, tmp_path: Path) -> None:
    from affect_llm.config import Settings
    from affect_llm.prompting.reason import reason_prompt
    from affect_llm.reasoners.local.causal_lm import open_causal_lm
    from workshop.embedded.examples import text_sheet

    out = tmp_path / "adapter"
    report = train_sft(request(tiny_settings(base), read(tmp_path, planted_rows(24)), out))
    assert report.stages[0].steps == 6
    run = subprocess.run(
        [sys.executable, "-c", _RELOAD, str(base), str(out), "joy, anger"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    distribution, calibrated = json.loads(run.stdout.splitlines()[-1])
    assert set(distribution) == {"joy", "anger"}
    assert not calibrated  # the validation part was too small
    settings = Settings(reasoner="transformers", model=str(base), device="cpu", dtype="float32")
    prompt = reason_prompt(text_sheet("the car zorbel road", "not_asked"), ("joy", "anger"))
    plain = open_causal_lm(settings)
    (before,) = plain.complete([prompt], max_new_tokens=1)
    plain.add_adapter(open_adapter(out))
    plain.use("tiny")
    (after,) = plain.complete([prompt], max_new_tokens=1)
    assert after.label_logprobs is not None
    assert before.label_logprobs is not None
    found = {label: torch.tensor(value).exp() for label, value in after.label_logprobs.items()}
    for label, probability in distribution.items():
        assert float(found[label]) == pytest.approx(probability, abs=1e-6)
    assert after.label_logprobs["joy"] != before.label_logprobs["joy"]


def test_merged_is_unmerged_within_rounding_and_its_projector_goes_with_it(
    base: Path, tmp_path: Path
) -> None:
    from affect_llm.adapters.lora import attach_lora
    from affect_llm.config import Settings
    from affect_llm.reasoners.local.checkpoint import open_checkpoint

    out = tmp_path / "adapter"
    train_sft(request(both(base), read(tmp_path, feature_rows(24)), out))
    merged = merge_adapter(out, tmp_path / "merged", base=str(base))
    exact = Settings(device="cpu", dtype="float32")
    ids = torch.arange(5, 60)[None]
    plain = open_checkpoint(str(base), exact).model
    with torch.inference_mode():
        untouched = plain(ids).logits
        wanted = attach_lora(plain, out, "a")(ids).logits
        found = open_checkpoint(str(tmp_path / "merged"), exact).model(ids).logits
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-4)
    assert not torch.allclose(found, untouched, atol=1e-2)
    assert merged.projector is not None
    projector = open_adapter(merged.projector)
    assert projector.manifest.base.weights == merged.weights
    assert projector.manifest.lora is None
    with pytest.raises(ConfigError, match="there already"):
        merge_adapter(out, tmp_path / "merged", base=str(base))
    with pytest.raises(ConfigError, match="nothing to merge"):
        merge_adapter(merged.projector, tmp_path / "again", base=str(base))
    with pytest.raises(CapabilityError, match="convert_hf_to_gguf"):
        export_model(out, tmp_path / "g", "gguf")
    with pytest.raises(ConfigError, match="Did you mean 'gguf'"):
        export_model(out, tmp_path / "g", "ggu")


def test_stages_train_what_they_name_and_nothing_else(base: Path, tmp_path: Path) -> None:
    plan = [{"train": "projector"}, {"train": "lora"}]
    settings = both(base, stages=plan, max_steps=2, save_steps=1)
    kept: dict[str, dict[str, torch.Tensor]] = {}
    save = SftTrainer._save

    def keep(self: SftTrainer, output_dir: Any = None, state_dict: Any = None) -> None:
        save(self, output_dir, state_dict)
        state = {name: tensor.clone() for name, tensor in self._model().learned_state().items()}
        kept[f"{self._folder.name} {self.state.global_step}"] = state

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SftTrainer, "_save", keep)
        report = train_sft(request(settings, read(tmp_path, feature_rows(24)), tmp_path / "out"))
    assert [stage.train for stage in report.stages] == ["projector", "lora"]
    first, second = (kept[f"stage-{n} {step}"] for n, step in ((1, 1), (1, 2)))
    third, fourth = (kept[f"stage-{n} {step}"] for n, step in ((2, 1), (2, 2)))
    moved = {n for n in first if not torch.equal(first[n], second[n])}
    assert moved
    assert all(name.startswith("fusion.") for name in moved)
    moved = {n for n in third if not torch.equal(third[n], fourth[n])}
    assert moved
    assert all("lora_" in name for name in moved)


def test_a_stage_shows_its_own_road_for_its_own_epochs_at_its_own_rate(base: Path) -> None:
    plan = [
        {"train": "lora+projector", "road": "projected", "epochs": 9, "learning_rate": 0.5},
        {"train": "lora"},
    ]
    settings = both(base, stages=plan, epochs=2)
    first, second = settings.in_stage(0), settings.in_stage(1)
    assert (first.road, first.epochs, first.learning_rate) == ("projected", 9, 0.5)
    assert (second.road, second.epochs, second.learning_rate) == ("mixed", 2, 3e-3)
    with pytest.raises(ValueError, match="'projected' has no stage on 'text'"):
        both(base, road="projected", stages=[{"train": "lora", "road": "text"}])


def test_words_are_hidden_in_a_stage_that_projects(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    example = ExampleMaker.example

    def look(self: ExampleMaker, item: Question, road: Road, *rest: Any) -> Example:
        shown.append(road)
        return example(self, item, road, *rest)

    plan = [{"train": "lora+projector", "road": "projected"}, {"train": "lora+projector"}]
    settings = both(base, road="both", stages=plan, max_steps=2, evaluations=1)
    monkeypatch.setattr(ExampleMaker, "example", look)
    report = train_sft(request(settings, read(tmp_path, feature_rows(24)), tmp_path / "out"))
    assert [stage.road for stage in report.stages] == ["projected", "both"]
    first = shown.index("projected")
    turn = len(shown) - shown[::-1].index("projected")
    assert set(shown[first:turn]) == {"projected"}
    assert set(shown[turn:]) == {"both"}


@pytest.mark.parametrize(("road", "hidden"), [("projected", {Modality.TEXT}), ("both", set())])
def test_scores_of_hidden_cues_are_not_pooled_in_the_calibration(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, road: str, hidden: set[Modality]
) -> None:
    seen: list[object] = []

    def calibrated(cases: Any, scored: Any, source: str, left_out: Any) -> None:
        seen.append(set(left_out))

    monkeypatch.setattr("affect_llm.training.sft.run.calibrated", calibrated)
    settings = both(base, road=road, max_steps=1, evaluations=1)
    train_sft(request(settings, read(tmp_path, feature_rows(24)), tmp_path / "out"))
    assert seen == [hidden]


def test_a_controls_step_is_not_chosen_on_true_labels(base: Path, tmp_path: Path) -> None:
    rows = read(tmp_path, planted_rows(24))
    for control, chosen in ((None, True), ("shuffled-labels", False)):
        settings = tiny_settings(base, control=control, max_steps=2)
        report = train_sft(request(settings, rows, tmp_path / f"{control}"))
        assert bool(report.stages[0].evaluations) is chosen
    assert report.stages[0].kept == 2


def test_the_best_step_is_the_first_of_the_highest() -> None:
    scores = ((2, 0.4), (4, 0.6), (6, 0.6), (8, 0.5))
    best = best_of([Evaluation(step=step, value=value) for step, value in scores])
    assert best is not None
    assert best.step == 4
    assert best_of([]) is None


def test_a_run_stops_when_validation_gains_nothing(base: Path, tmp_path: Path) -> None:
    settings = tiny_settings(
        base, learning_rate=1e-9, patience=1, evaluations=6, max_steps=6, save_steps=50
    )
    report = train_sft(request(settings, read(tmp_path, planted_rows(24)), tmp_path / "out"))
    assert report.stages[0].steps == 2
    assert report.stages[0].kept == 1


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"lora": {"targets": ["q_proj", "querry"]}}, ConfigError, "'querry'.*q_proj"),
        ({"lora": {"targets": ["querry"]}}, ConfigError, "linear layers are .*q_proj"),
        ({"optimizer": "adamm"}, ConfigError, "adamm"),
        ({"validation_share": 0.0}, DataError, "nothing to measure"),
    ],
)
def test_what_a_person_got_wrong_is_a_sentence(
    base: Path, tmp_path: Path, changes: dict[str, Any], error: type[Exception], said: str
) -> None:
    rows = read(tmp_path, planted_rows(12))
    with pytest.raises(error, match=said):
        train_sft(request(tiny_settings(base, **changes), rows, tmp_path / "out"))


def test_a_base_that_cannot_chat_is_refused(base: Path, tmp_path: Path) -> None:
    mute = tmp_path / "mute"
    mute.mkdir()
    for file in base.iterdir():
        if file.suffix != ".jinja":
            (mute / file.name).write_bytes(file.read_bytes())
    with pytest.raises(CapabilityError, match="chat template"):
        train_sft(request(tiny_settings(mute), read(tmp_path, planted_rows(12)), tmp_path / "out"))
