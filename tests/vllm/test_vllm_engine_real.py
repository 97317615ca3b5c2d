"""The in-process engine, in vLLM's environment, says what the in-process model says here."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from running_vllm import ENVIRONMENT
from served_pairs import in_process
from sheets_served import SHEETS
from soft_prompts import soft_of, soft_prompt
from taught import LABELS
from test_vllm_real import furthest, same_texts, say

from affect_llm.prompting.reason import reason_prompt
from affect_llm.reasoners.request import ask
from affect_llm.types import Completion

pytestmark = pytest.mark.timeout(1500)
SCRIPT = Path(__file__).with_name("engine_answers.py")


def test_the_engine_says_the_same(adapters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    adapter = adapters / "seen"
    done = subprocess.run(
        [os.environ["VLLM_PYTHON"], str(SCRIPT), str(adapter)],
        capture_output=True,
        text=True,
        env={**os.environ, **ENVIRONMENT, "VLLM_LOGGING_LEVEL": "ERROR"},
        timeout=800,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.rpartition("\n@")[2])
    said = [Completion.model_validate(one) for one in told["said"]]
    assert told["can"] == ["constrained", "label_logprobs", "soft_tokens"]
    own = in_process(adapter)
    questions = [(reason_prompt(sheet, LABELS), sheet) for sheet in SHEETS]
    expected = [answer for _, answer in ask(own, questions, max_new_tokens=400)]
    soft = [soft_prompt("no", soft_of(384, seed, voice=3, face=2)) for seed in (1, 2)]
    expected += own.complete(soft, max_new_tokens=12)
    same, far = same_texts(expected, said), furthest(expected, said)
    say(capsys, f"engine: same answers {same} of {len(said)}; log p within {far:.1e}")
    assert same == len(said)
    assert far < 1e-3
