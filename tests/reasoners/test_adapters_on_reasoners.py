"""An adapter in the settings, several on one base, and none again."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from asked import prompt, settings_for

from affect_llm.adapters.folder import open_adapter
from affect_llm.adapters.lora import probe_logits
from affect_llm.errors import CapabilityError, ConfigError, WeightsError
from affect_llm.reasoners.local.causal_lm import CausalLM, open_causal_lm

sys.path.append(str(Path(__file__).parents[1] / "adapters"))
from tiny_adapter import lora_model, make_adapter

ASKED = [prompt("F1 lip corner puller marked"), prompt("the words: what a day " * 5)]


@pytest.fixture(scope="module")
def folders(llama_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A LoRA, another with a projector and a calibration, and a projector alone."""
    place = tmp_path_factory.mktemp("adapters")
    base = llama_folder
    return {
        "voice.of.anna": make_adapter(place / "voice.of.anna", base, seed=1),
        "meld": make_adapter(place / "meld", base, road="both", seed=2, temperature=2.5),
        "ears": make_adapter(place / "ears", base, road="projected", lora=False, seed=3),
    }


def opened(base: Path, adapter: Path | None = None, **more: Any) -> CausalLM:
    found = {"adapter": None if adapter is None else str(adapter), **more}
    return open_causal_lm(settings_for(base).model_copy(update=found))


@pytest.fixture(scope="module")
def dressed(llama_folder: Path, folders: dict[str, Path]) -> CausalLM:
    reasoner = opened(llama_folder, folders["voice.of.anna"])
    for name in ("meld", "ears"):
        reasoner.add_adapter(open_adapter(folders[name]))
    return reasoner


def test_the_adapter_of_the_settings_is_on(
    llama: CausalLM, llama_folder: Path, folders: dict[str, Path]
) -> None:
    reasoner = opened(llama_folder, folders["voice.of.anna"])
    wanted = probe_logits(lora_model(llama_folder, 1))
    torch.testing.assert_close(probe_logits(reasoner.checkpoint.model), wanted, atol=1e-5, rtol=0)
    [done] = reasoner.complete(ASKED[:1], max_new_tokens=5)
    manifest = open_adapter(folders["voice.of.anna"]).manifest
    assert done.model == f"{llama.checkpoint.provenance}+{manifest.provenance}"
    assert done.label_logprobs != llama.complete(ASKED[:1], max_new_tokens=5)[0].label_logprobs


def test_switched_off_it_is_exactly_the_base(llama: CausalLM, dressed: CausalLM) -> None:
    plain = llama.complete(ASKED, max_new_tokens=20)
    for name in ("meld", "voice.of.anna", "ears"):
        dressed.use(name)
        dressed.use(None)
        assert torch.equal(
            probe_logits(dressed.checkpoint.model), probe_logits(llama.checkpoint.model)
        )
        assert dressed.complete(ASKED, max_new_tokens=20) == plain


def test_each_answers_as_if_it_were_alone(
    llama_folder: Path, folders: dict[str, Path], dressed: CausalLM
) -> None:
    answers = {}
    for name in ("meld", "ears", "voice.of.anna", "meld"):
        dressed.use(name)
        answers[name] = dressed.complete(ASKED, max_new_tokens=20)
        assert answers[name] == opened(llama_folder, folders[name]).complete(
            ASKED, max_new_tokens=20
        )
    assert len({str(a[0].label_logprobs) for a in answers.values()}) == 3


def test_capabilities_and_calibration_follow_the_adapter(
    llama_folder: Path, folders: dict[str, Path], tmp_path: Path
) -> None:
    base = Path(shutil.copytree(llama_folder, tmp_path / "tiny-llama"))
    (base / "calibration.json").write_text('{"temperatures":{"*":1.5},"fitted_on":"x"}')
    reasoner = opened(base)
    for folder in folders.values():
        reasoner.add_adapter(open_adapter(folder))
    assert reasoner.adapters == tuple(folders)
    seen = {}
    for name in (None, *folders, None):
        reasoner.use(name)
        fitted = reasoner.calibration and reasoner.calibration.temperatures["*"]
        seen[name] = (fitted, "soft_tokens" in reasoner.capabilities)
    assert seen == {
        None: (1.5, False),
        "voice.of.anna": (None, False),
        "meld": (2.5, True),
        "ears": (None, True),
    }


def test_a_projector_alone_leaves_the_logits_alone(llama: CausalLM, dressed: CausalLM) -> None:
    dressed.use("ears")
    assert torch.equal(probe_logits(dressed.checkpoint.model), probe_logits(llama.checkpoint.model))


def test_names_that_are_not_there_or_twice(dressed: CausalLM, folders: dict[str, Path]) -> None:
    with pytest.raises(ConfigError, match=r"Loaded: voice\.of\.anna, meld, ears"):
        dressed.use("anna")
    with pytest.raises(ConfigError, match="'meld' is loaded already"):
        dressed.add_adapter(open_adapter(folders["meld"]))


def test_what_cannot_go_on_leaves_everything_as_it_was(
    llama_folder: Path, qwen_folder: Path, dressed: CausalLM, tmp_path: Path
) -> None:
    dressed.use("meld")
    before = probe_logits(dressed.checkpoint.model)
    zero = make_adapter(tmp_path / "zero", llama_folder, scale=0.0)
    other = make_adapter(tmp_path / "other", qwen_folder)
    for folder, words in ((zero, "changes nothing"), (other, "--reasoner transformers")):
        with pytest.raises(WeightsError, match=words):
            dressed.add_adapter(open_adapter(folder))
        assert torch.equal(probe_logits(dressed.checkpoint.model), before)
    assert dressed.adapters == ("voice.of.anna", "meld", "ears")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"prompt": "reason@1#000000000000"}, "trained with the prompt reason@1#000000000000"),
        ({"prompt": "reason_sung@3#000000000000"}, "asks with none called 'reason_sung'"),
    ],
)
def test_another_prompt_is_known_before_the_first_question(
    llama_folder: Path, tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    folder = make_adapter(tmp_path / "old", llama_folder, changes=changes)
    with pytest.raises(WeightsError, match=words):
        opened(llama_folder, folder)


def test_a_projector_of_another_width_is_refused(llama_folder: Path, tmp_path: Path) -> None:
    config = json.loads((llama_folder / "config.json").read_text())
    wide = Path(shutil.copytree(llama_folder, tmp_path / "wide"))
    (wide / "config.json").write_text(json.dumps(config | {"hidden_size": 80}))
    folder = make_adapter(tmp_path / "ears", wide, road="projected", lora=False)
    with pytest.raises(WeightsError, match="tokens of 80 numbers, and this model reads 64"):
        opened(llama_folder, folder)


def test_out_of_memory_while_putting_it_on_is_a_sentence(
    llama_folder: Path, folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from affect_llm.adapters import lora

    def full(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(lora, "probe_logits", full)
    with pytest.raises(CapabilityError, match="not enough memory for the adapter 'meld'"):
        opened(llama_folder, folders["meld"])


@pytest.mark.skipif(sys.platform != "linux", reason="bitsandbytes is tried on Linux only")
@pytest.mark.parametrize("bits", ["4bit", "8bit"])
def test_on_a_quantised_base(
    llama_folder: Path,
    folders: dict[str, Path],
    bits: str,
    llama: CausalLM,
    caplog: pytest.LogCaptureFixture,
) -> None:
    pytest.importorskip("bitsandbytes")
    reasoner = opened(llama_folder, folders["meld"], quantize=bits)
    assert reasoner.checkpoint.provenance == llama.checkpoint.provenance
    kinds = {type(m).__name__ for m in reasoner.checkpoint.model.modules()}
    assert kinds & {"Linear4bit", "Linear8bitLt"}
    with_it = reasoner.complete(ASKED, max_new_tokens=8)
    reasoner.use(None)
    without = reasoner.complete(ASKED, max_new_tokens=8)
    plain = opened(llama_folder, quantize=bits).complete(ASKED, max_new_tokens=8)
    assert without == plain
    assert with_it[0].label_logprobs != without[0].label_logprobs
    assert [r.message for r in caplog.records if r.name.startswith("bitsandbytes")] == []


def test_4bit_is_nf4_with_double_quantisation() -> None:
    pytest.importorskip("bitsandbytes")
    from affect_llm.reasoners.local.device import quantization_config

    config = quantization_config("4bit")
    assert config.bnb_4bit_quant_type == "nf4"
    assert config.bnb_4bit_use_double_quant
    assert config.bnb_4bit_compute_dtype == torch.bfloat16
    assert quantization_config("4bit", "float32").bnb_4bit_compute_dtype == torch.float32
