"""What was saved gives the same numbers in a process that knows nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

sys.path.append(str(Path(__file__).parents[1] / "adapters"))
from soft_prompts import soft_prompt
from tiny_adapter import fusion_of, long_base, lora_model, make_adapter

from affect_llm.adapters.lora import probe_logits
from affect_llm.adapters.projector import Projector
from affect_llm.adapters.tracks import TrackReader, open_encoders
from affect_llm.fusion.model import build_fusion
from affect_llm.reasoners.local.causal_lm import CausalLM
from affect_llm.types import Clip, Modality

CLIP = "Clip('c' * 64, 'made.mp4', 5.0, frozenset({Modality.AUDIO, Modality.VISUAL}))"
FRESH = f"""
import json, sys
sys.path[:0] = sys.argv[4:]
from pathlib import Path
import torch
torch.set_num_threads(1)
from soft_prompts import soft_prompt
from affect_llm.adapters.folder import open_adapter
from affect_llm.adapters.lora import probe_logits
from affect_llm.adapters.projector import open_projector
from affect_llm.config import Settings
from affect_llm.reasoners.local.causal_lm import open_causal_lm
from affect_llm.types import Clip, Modality
base, folder, out = sys.argv[1:4]
settings = Settings(reasoner="transformers", model=base, adapter=folder, device="cpu")
reasoner = open_causal_lm(settings)
projector = open_projector(open_adapter(Path(folder)))
soft = projector.soft_tokens(projector.reader.features({CLIP}))
[done] = reasoner.complete([soft_prompt("what a day", soft)], max_new_tokens=20)
torch.save(probe_logits(reasoner.checkpoint.model), out)
print(json.dumps({{"soft": soft.array.tolist(), "done": done.model_dump(mode="json")}}))
"""


@pytest.mark.slow
def test_a_fresh_process_gives_identical_logits_tokens_and_answers(tmp_path: Path) -> None:
    base = long_base(tmp_path / "base", "llama")
    folder = make_adapter(tmp_path / "both", base, road="both", seed=4)
    helpers = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "adapters")]
    command = [sys.executable, "-c", FRESH, str(base), str(folder), str(tmp_path / "l"), *helpers]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])

    trained = lora_model(base, 4)
    torch.testing.assert_close(
        torch.load(tmp_path / "l", weights_only=True), probe_logits(trained), atol=0, rtol=0
    )
    fusion = build_fusion(fusion_of(64, ("voice", "face")), 4).eval()
    reader = TrackReader(open_encoders(_encoders(folder)))
    clip = Clip("c" * 64, "made.mp4", 5.0, frozenset({Modality.AUDIO, Modality.VISUAL}))
    soft = Projector(reader, fusion).soft_tokens(reader.features(clip))
    assert np.array_equal(np.array(found["soft"], np.float32), soft.array)

    here = _reasoner_of(trained, base)
    [answer] = here.complete([soft_prompt("what a day", soft)], max_new_tokens=20)
    assert found["done"]["text"] == answer.text
    assert found["done"]["label_logprobs"] == pytest.approx(answer.label_logprobs, abs=1e-6)


def _encoders(folder: Path):  # type: ignore[no-untyped-def]
    from affect_llm.adapters.folder import open_adapter

    return open_adapter(folder).manifest.tracks


def _reasoner_of(trained, base: Path) -> CausalLM:  # type: ignore[no-untyped-def]
    """The model as it was trained, never saved, behind the same reasoner."""
    from asked import settings_for

    from affect_llm.reasoners.local.checkpoint import Checkpoint, open_checkpoint

    own = open_checkpoint(str(base), settings_for(base))
    model = trained.get_base_model()
    reasoner = CausalLM("transformers", Checkpoint(model, own.tokenizer, "cpu", "x@y#z"), None, 4)
    reasoner.capabilities |= {"soft_tokens"}
    return reasoner
